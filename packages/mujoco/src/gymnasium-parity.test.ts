import { type EnvironmentDefinition, parseConfig } from '@maxent/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { loadMujoco } from './load-mujoco.js';
import { toXml } from './mjcf/to-xml.js';
import { antModel } from './models/ant.js';
import { halfCheetahModel } from './models/half-cheetah.js';
import { hopperModel } from './models/hopper.js';
import { humanoidModel } from './models/humanoid.js';
import { invertedDoublePendulumModel } from './models/inverted-double-pendulum.js';
import { invertedPendulumModel } from './models/inverted-pendulum.js';
import { pusherModel } from './models/pusher.js';
import { reacherModel } from './models/reacher.js';
import { swimmerModel } from './models/swimmer.js';
import { walker2dModel } from './models/walker2d.js';
import type { MujocoEnvironment } from './mujoco-environment.js';
import { Simulation } from './simulation.js';
import { largestGap, numbers, readFixture, rolloutGaps, stepGap } from './test-support/parity-fixture.js';

const SUITE = [
  { name: 'inverted-pendulum', definition: invertedPendulum, model: invertedPendulumModel },
  {
    name: 'inverted-double-pendulum',
    definition: invertedDoublePendulum,
    model: invertedDoublePendulumModel,
  },
  { name: 'reacher', definition: reacher, model: reacherModel },
  { name: 'pusher', definition: pusher, model: pusherModel },
  { name: 'swimmer', definition: swimmer, model: swimmerModel },
  { name: 'hopper', definition: hopper, model: hopperModel },
  { name: 'walker2d', definition: walker2d, model: walker2dModel },
  { name: 'half-cheetah', definition: halfCheetah, model: halfCheetahModel },
  { name: 'ant', definition: ant, model: antModel },
  { name: 'humanoid', definition: humanoid, model: humanoidModel },
];

async function make(definition: EnvironmentDefinition, options = {}): Promise<MujocoEnvironment> {
  const parsed = parseConfig(definition.options, options);
  return (await definition.create(parsed)) as MujocoEnvironment;
}

describe.each(SUITE)('parity with Gymnasium, $definition.id', ({ name, definition, model }) => {
  const fixture = readFixture(name);
  let environment: MujocoEnvironment;
  beforeAll(async () => {
    environment = await make(definition);
  });
  afterAll(() => environment.close());

  describe('compiled model', () => {
    let simulation: Simulation;
    let compiled: Readonly<Record<string, unknown>>;
    beforeAll(async () => {
      simulation = new Simulation(await loadMujoco(), { xml: toXml(model) });
      compiled = simulation.model as unknown as Readonly<Record<string, unknown>>;
    });
    afterAll(() => simulation.delete());

    it('has the same sizes', () => {
      for (const [size, expected] of Object.entries(fixture.model.sizes)) {
        expect(compiled[size], size).toBe(expected);
      }
    });

    it('has the same constants', () => {
      for (const [array, expected] of Object.entries(fixture.model.arrays)) {
        const gap = largestGap(compiled[array] as ArrayLike<number>, expected);
        expect(gap, array).toBeLessThanOrEqual(1e-9);
      }
    });

    it('has the same options', () => {
      const options = compiled.opt as Readonly<Record<string, number | ArrayLike<number>>>;
      for (const [option, expected] of Object.entries(fixture.model.options)) {
        const gap = largestGap(numbers(options[option]!), numbers(expected));
        expect(gap, option).toBeLessThanOrEqual(1e-9);
      }
    });
  });

  it('200 single steps, each from a recorded state, within 1e-9 relative', () => {
    expect(fixture.steps).toHaveLength(200);
    const gaps = fixture.steps.map((recorded) => {
      environment.setPhysicsState(recorded.state);
      return stepGap(environment, recorded);
    });
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1e-9);
  });

  it.each(fixture.rollouts)('20 steps open loop within 1e-6 relative', (recorded) => {
    expect(Math.max(...rolloutGaps(environment, recorded))).toBeLessThanOrEqual(1e-6);
  });

  it('starts as Gymnasium does: the distribution of every coordinate over 1,000 resets', () => {
    const { count, deciles } = fixture.resets;
    environment.reset({ seed: 8 });
    const starts = Array.from({ length: count }, () => {
      environment.reset();
      const { qpos, qvel } = environment.getPhysicsState();
      return [...qpos, ...qvel];
    });
    deciles.forEach((levels, coordinate) => {
      const ours = starts.map((start) => start[coordinate]!);
      const spread = levels[10]! - levels[0]!;
      if (spread === 0) {
        // Six digits were recorded.
        for (const value of ours) expect(value).toBeCloseTo(levels[0]!, 5);
        return;
      }
      levels.forEach((level, k) => {
        if (k === 0 || k === 10) return;
        const below = ours.filter((value) => value < level).length / count;
        // Five standard errors of the difference of two empirical distributions.
        const error = Math.sqrt((2 * (k / 10) * (1 - k / 10)) / count);
        expect(Math.abs(below - k / 10), `coordinate ${coordinate}, decile ${k}`).toBeLessThan(5 * error);
      });
      // The tails: nothing lies far beyond what Gymnasium drew.
      expect(Math.min(...ours)).toBeGreaterThan(levels[0]! - spread / 4);
      expect(Math.max(...ours)).toBeLessThan(levels[10]! + spread / 4);
    });
  });

  it.each(fixture.variants)('with options $options', async ({ options, rollout }) => {
    const variant = await make(definition, options);
    expect(Math.max(...rolloutGaps(variant, rollout))).toBeLessThanOrEqual(1e-9);
    variant.close();
  });
});
