import {
  type BoxArray,
  copySnapshot,
  type EnvironmentDefinition,
  InvalidInputError,
  InvalidStateError,
  parseConfig,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  SpaceMismatchError,
} from '@maxent/core';
import { checkEnvironment } from '@maxent/core/testing';
import { makeEnvironment } from '@maxent/envs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ant } from './environments/ant.js';
import { halfCheetah } from './environments/half-cheetah.js';
import { hopper } from './environments/hopper.js';
import { humanoid } from './environments/humanoid.js';
import { invertedDoublePendulum } from './environments/inverted-double-pendulum.js';
import { invertedPendulum } from './environments/inverted-pendulum.js';
import { pusher } from './environments/pusher.js';
import { reacher } from './environments/reacher.js';
import { swimmer } from './environments/swimmer.js';
import { walker2d } from './environments/walker2d.js';
import { antMaze } from './hierarchy-worlds/ant-maze.js';
import { loadMujoco } from './load-mujoco.js';
import { toXml } from './mjcf/to-xml.js';
import { antModel } from './models/ant.js';
import { hopperModel } from './models/hopper.js';
import type { MujocoEnvironment } from './mujoco-environment.js';
import { Simulation } from './simulation.js';

const SUITE: readonly EnvironmentDefinition[] = [
  invertedPendulum,
  invertedDoublePendulum,
  reacher,
  pusher,
  swimmer,
  hopper,
  walker2d,
  halfCheetah,
  ant,
  humanoid,
];

/** Tasks that end by themselves. */
const ENDING: readonly EnvironmentDefinition[] = [
  invertedPendulum,
  invertedDoublePendulum,
  hopper,
  walker2d,
  ant,
  humanoid,
];

const opened: MujocoEnvironment[] = [];

async function make(definition: EnvironmentDefinition, options = {}): Promise<MujocoEnvironment> {
  const environment = await definition.create(parseConfig(definition.options, options, definition.id));
  opened.push(environment as MujocoEnvironment);
  return opened.at(-1)!;
}

afterEach(() => {
  for (const environment of opened.splice(0)) environment.close();
});

function randomActions(environment: MujocoEnvironment, count: number): BoxArray[] {
  const rng = Rng.fromSeed(5);
  return Array.from({ length: count }, () => environment.actionSpace.sample(rng));
}

/** All that the environment gives for these actions, with a reset after every end. */
function play(environment: MujocoEnvironment, actions: readonly BoxArray[]): unknown[] {
  return actions.map((action) => {
    const result = environment.step(action);
    return result.terminated ? [result, environment.reset()] : [result];
  });
}

describe.each(SUITE)('$id', (definition) => {
  it('keeps the contract of environments', async () => {
    // The checker closes what it makes.
    const report = await checkEnvironment(() => definition.create(parseConfig(definition.options, {})), {
      name: definition.id,
      steps: 120,
    });
    const endless = { rule: 'step needs a running episode', reason: 'no episode ended within 120 steps' };
    expect(report.skipped).toEqual(ENDING.includes(definition) ? [] : [endless]);
  });

  it('continues from a saved state bit for bit, in a fresh environment and in a used one', async () => {
    const original = await make(definition);
    original.reset({ seed: 4 });
    const actions = randomActions(original, 300);
    play(original, actions.slice(0, 100));
    const saved = copySnapshot(original.getState());
    const stored: Snapshot = { ...saved, metadata: JSON.parse(JSON.stringify(saved.metadata)) };
    const expected = [original.observe(), ...play(original, actions.slice(100)), original.reset()];

    const used = await make(definition);
    used.reset({ seed: 9 });
    play(used, actions.slice(0, 37));
    for (const other of [await make(definition), used]) {
      other.setState(stored);
      const continued = [other.observe(), ...play(other, actions.slice(100)), other.reset()];
      continued.forEach((result, i) => void expect(result, `after ${i} steps`).toEqual(expected[i]));
      expect(other.getState()).toEqual(original.getState());
    }
  });

  it('has no time limit of its own', async () => {
    const environment = await make(definition);
    environment.reset({ seed: 1 });
    for (const action of randomActions(environment, 1005)) {
      const { terminated, truncated } = environment.step(action);
      expect(truncated).toBe(false);
      if (terminated) environment.reset();
    }
  });
});

describe('MujocoEnvironment', () => {
  it.each([
    [
      Float32Array.of(0, 0, 0, 0, 0),
      'action: expected a flat list of 6 numbers for Box(6, float32), got Float32Array(5) [0, 0, 0, 0, 0]',
    ],
    [Float32Array.of(0, 0, Number.NaN, 0, 0, 0), 'got Float32Array(6) [0, 0, NaN'],
    [Int32Array.of(0, 0, 0, 0, 0, 0), 'got Int32Array'],
    [[0, 0, 0, 0, 0, 0], 'got [0, 0, 0, 0, 0, 0]; write Float32Array.from(action)'],
    [0.5, 'got 0.5'],
    [undefined, 'got undefined'],
  ])('refuses the action %j', async (action, message) => {
    const environment = await make(halfCheetah);
    environment.reset({ seed: 1 });
    expect(() => environment.step(action as BoxArray)).toThrow(SpaceMismatchError);
    expect(() => environment.step(action as BoxArray)).toThrow(message);
  });

  it('clips motor controls to their range, and charges for the action as it was', async () => {
    const [strong, full] = [await make(halfCheetah), await make(halfCheetah)];
    strong.reset({ seed: 1 });
    full.reset({ seed: 1 });
    const beyond = strong.step(Float64Array.of(2, -2, 2, -2, 2, -2));
    const within = full.step(Float64Array.of(1, -1, 1, -1, 1, -1));
    expect(beyond.observation).toEqual(within.observation);
    expect(beyond.info.rewardCtrl).toBeCloseTo(-2.4, 12);
    expect(within.info.rewardCtrl).toBeCloseTo(-0.6, 12);
  });

  it('draws itself, through wrappers too, and only while open', async () => {
    const environment = await makeEnvironment(antMaze);
    const before = environment.render!();
    expect(before).toMatch(/^<svg [^>]*width="480" height="360"/);
    environment.reset({ seed: 1 });
    expect(environment.render!()).not.toBe(before);
    environment.close();
    expect(() => environment.render!()).toThrow(InvalidStateError);
  });

  it('bounds actions by the control range of the model', async () => {
    const { actionSpace } = await make(invertedPendulum);
    expect([...actionSpace.low, ...actionSpace.high]).toEqual([-3, 3]);
    expect(actionSpace.toString()).toBe('Box(1, float32)');
  });

  it('has the length of a step of Gymnasium', async () => {
    const lengths = await Promise.all(SUITE.map(async (definition) => (await make(definition)).dt));
    expect(lengths).toEqual([0.04, 0.05, 0.02, 0.05, 0.04, 0.008, 0.008, 0.05, 0.05, 0.015]);
  });

  it('stays usable when another environment of the same model closes', async () => {
    const [closing, staying, alone] = [await make(hopper), await make(hopper), await make(hopper)];
    for (const environment of [closing, staying, alone]) environment.reset({ seed: 2 });
    const actions = randomActions(staying, 40);
    play(closing, actions);
    const expected = play(alone, actions);
    alone.close();
    closing.close();
    expect(play(staying, actions)).toEqual(expected);
  });

  it('refuses everything once closed, and closing twice is not an error', async () => {
    const environment = await make(ant);
    environment.reset({ seed: 1 });
    const state = environment.getState();
    environment.close();
    environment.close();
    const calls = [
      () => environment.reset(),
      () => environment.step(new Float32Array(8)),
      () => environment.observe(),
      () => environment.getState(),
      () => environment.setState(state),
      () => environment.getPhysicsState(),
      () => environment.setPhysicsState({ qpos: [], qvel: [] }),
    ];
    for (const call of calls) {
      expect(call).toThrow(InvalidStateError);
      expect(call).toThrow(/closed; make a new one/);
    }
  });

  it('takes on a saved state even when MuJoCo’s memory grows on the way and takes its arrays away', async () => {
    const [original, other] = [await make(ant), await make(ant)];
    original.reset({ seed: 6 });
    const actions = randomActions(original, 40);
    play(original, actions.slice(0, 20));
    const saved = original.getState();
    const mujoco = await loadMujoco();
    const ballast: Simulation[] = [];
    const setState = Simulation.prototype.setState;
    const growing = vi.spyOn(Simulation.prototype, 'setState').mockImplementation(function (
      this: Simulation,
      state,
    ) {
      setState.call(this, state);
      const { qpos } = this.arrays;
      while (qpos.length > 0) ballast.push(new Simulation(mujoco, { xml: toXml(antModel) }));
    });
    other.setState(saved);
    growing.mockRestore();
    for (const simulation of ballast) simulation.delete();
    expect(other.getState()).toEqual(saved);
    expect(play(other, actions.slice(20))).toEqual(play(original, actions.slice(20)));
  });

  it('scales the noise of the start', async () => {
    const noiseOf = async (resetNoiseScale: number) => {
      const environment = await make(hopper, { resetNoiseScale });
      environment.reset({ seed: 3 });
      return environment.getPhysicsState().qvel;
    };
    const [still, small, large] = [await noiseOf(0), await noiseOf(0.01), await noiseOf(0.02)];
    expect(still).toEqual(new Float64Array(6));
    expect(small.every((velocity) => velocity !== 0)).toBe(true);
    expect(large).toEqual(small.map((velocity) => 2 * velocity));
  });

  it('runs another model in place of its own', async () => {
    const weak = toXml(hopperModel).replace('gear="200"', 'gear="100"');
    const [own, other] = [await make(hopper), await make(hopper, { model: weak })];
    const after = [own, other].map((environment) => {
      environment.reset({ seed: 1 });
      return environment.step(Float32Array.of(1, 1, 1)).observation;
    });
    expect(after[0]).not.toEqual(after[1]);
    await expect(make(reacher, { model: weak })).rejects.toThrow('with a body named "fingertip"');
  });

  it("rewards the displacement of Ant's body of a number or a name", async () => {
    const rewards = await Promise.all(
      [1, 'torso', 3, 'aux_1'].map(async (mainBody) => {
        const environment = await make(ant, { mainBody });
        environment.reset({ seed: 1 });
        return environment.step(new Float32Array(8).fill(1)).reward;
      }),
    );
    const [torso, byName, auxiliary, auxiliaryByName] = rewards;
    expect(byName).toBe(torso);
    expect(auxiliary).not.toBe(torso);
    expect(auxiliaryByName).toBe(auxiliary);
    for (const mainBody of [14, 'wing']) {
      await expect(make(ant, { mainBody })).rejects.toThrow(
        `mainBody: expected a body of the model by name or by a number below 14, got ${JSON.stringify(mainBody)}`,
      );
    }
  });

  it('starts an episode in a given physical state', async () => {
    const environment = await make(invertedPendulum);
    const given = { qpos: [0.1, -0.05], qvel: [0.2, 0.3], qaccWarmstart: [1, -2] };
    const { observation, info } = environment.setPhysicsState(given);
    expect(Array.from(observation)).toEqual([0.1, -0.05, 0.2, 0.3]);
    expect(info).toEqual({});
    expect(environment.getPhysicsState()).toEqual({
      qpos: Float64Array.of(0.1, -0.05),
      qvel: Float64Array.of(0.2, 0.3),
      qaccWarmstart: Float64Array.of(1, -2),
    });
    expect(environment.step(Float32Array.of(0)).terminated).toBe(false);
    environment.setPhysicsState({ qpos: [0, 0], qvel: [0, 0] });
    expect(environment.getPhysicsState().qaccWarmstart).toEqual(Float64Array.of(0, 0));
  });

  it.each([
    [{ qpos: [0], qvel: [0, 0] }, 'qpos: expected 2 numbers, got 1'],
    [{ qvel: [0, 0] }, 'qpos: expected 2 numbers, got none'],
    [{ qpos: [0, 0], qvel: [0, Infinity] }, 'qvel[1]: expected a finite number, got Infinity'],
    [{ qpos: [0, 0], qvel: [0, 0], qaccWarmstart: [0, 'x'] }, 'qaccWarmstart[1]: expected a finite number'],
  ])('refuses the physical state %j', async (state, message) => {
    const environment = await make(invertedPendulum);
    environment.reset({ seed: 1 });
    const before = environment.getState();
    const set = () => environment.setPhysicsState(state as { qpos: number[]; qvel: number[] });
    expect(set).toThrow(InvalidInputError);
    expect(set).toThrow(message);
    expect(environment.getState()).toEqual(before);
  });

  it('refuses the snapshot of another environment, and damaged ones, and stays as it was', async () => {
    const environment = await make(halfCheetah);
    environment.reset({ seed: 1 });
    const { arrays, metadata } = environment.getState();
    const foreign = (await make(hopper)).getState();
    const damaged: [Snapshot, string][] = [
      [foreign, 'metadata.environment: expected "HalfCheetah-v5", got "Hopper-v5"'],
      [{ arrays: {}, metadata }, 'arrays.physics: expected'],
      [{ arrays: { physics: foreign.arrays.physics! }, metadata }, 'arrays.physics: expected'],
      [{ arrays, metadata: { ...metadata, phase: 'closed' } }, 'metadata.phase: expected unstarted'],
    ];
    for (const [snapshot, message] of damaged) {
      expect(() => environment.setState(snapshot)).toThrow(SnapshotMismatchError);
      expect(() => environment.setState(snapshot)).toThrow(message);
    }
    expect(environment.getState()).toEqual({ arrays, metadata });
  });

  it.each([
    [hopper, { frameSkip: 0 }, /Hopper-v5\.frameSkip/],
    [hopper, { resetNoiseScale: -1 }, /Hopper-v5\.resetNoiseScale/],
    [hopper, { healthyZRange: [2, 1] }, /Hopper-v5\.healthyZRange: expected a lower bound/],
    [ant, { contactForceRange: [0] }, /Ant-v5\.contactForceRange/],
    [ant, { healthyReward: 'much' }, /Ant-v5\.healthyReward/],
    [halfCheetah, { ctrlCost: 1 }, /HalfCheetah-v5\.ctrlCost: unknown key; did you mean ctrlCostWeight/],
  ])('names the option at fault: %#', async (definition, options, message) => {
    await expect(make(definition, options)).rejects.toThrow(message);
  });
});
