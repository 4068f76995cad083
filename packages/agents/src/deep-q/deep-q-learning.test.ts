import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  copySnapshot,
  Discrete,
  InvalidInputError,
  parseConfig,
  Rng,
  type Snapshot,
  SpaceMismatchError,
} from '@maxent/core';
import { gridWorld } from '@maxent/envs';
import { solveTabular } from '@maxent/pgm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { trainOnUniformPairs } from '../tabular-q/train-on-uniform-pairs.js';
import { expectNoLeaks, expectToContinue, expectToRefuse } from '../test-support/agent-checks.js';
import { deepQConfig, softDeepQConfig } from './config.js';
import { DeepQNetwork, SoftDeepQNetwork } from './deep-q-learning.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

type DeepAgent = DeepQNetwork | SoftDeepQNetwork;
const spaces = { observationSpace: new Box({ low: -1, high: 1, shape: [3] }), actionSpace: new Discrete(2) };
const small = { hiddenSizes: [16], batchSize: 16, learningStarts: 10, replayCapacity: 200, targetEvery: 5 };
const alive: DeepAgent[] = [];

afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

function keep<T extends DeepAgent>(agent: T): T {
  alive.push(agent);
  return agent;
}

const hard = (config: z.input<typeof deepQConfig> = {}, context: object = {}, seed = 1) =>
  keep(
    new DeepQNetwork(
      { ...spaces, ...context, rng: Rng.fromSeed(seed) },
      parseConfig(deepQConfig, { ...small, ...config }),
    ),
  );
const soft = (config: z.input<typeof softDeepQConfig> = {}, context: object = {}, seed = 1) =>
  keep(
    new SoftDeepQNetwork(
      { ...spaces, ...context, rng: Rng.fromSeed(seed) },
      parseConfig(softDeepQConfig, { ...small, ...config }),
    ),
  );

/** Rounds of act, observe and update on random observations. */
function feed(
  agent: DeepAgent,
  steps: number,
  seed: number,
  { reward = (action: number) => action, terminated = false, truncated = false } = {},
): void {
  const rng = Rng.fromSeed(seed);
  for (let i = 0; i < steps; i++) {
    const observation = spaces.observationSpace.sample(rng);
    const action = agent.act(observation, { deterministic: false });
    const nextObservation = spaces.observationSpace.sample(rng);
    agent.observe({ observation, action, reward: reward(action), nextObservation, terminated, truncated });
    agent.update();
  }
}

const arraysOf = (agent: DeepAgent) => copySnapshot(agent.save()).arrays;
const firstLayer = 'layer.0.weight';
const someObservation = Float32Array.of(0.1, -0.2, 0.3);

describe('the backup', () => {
  it('of the soft agent becomes the hard one as the temperature goes to 0', () => {
    for (const doubleQ of [false, true]) {
      const learning = { doubleQ, learningStarts: 0, learningRate: 5e-3, loss: 'squared' as const };
      const agents = [
        hard(learning),
        soft({ ...learning, temperature: 1e-6 }),
        soft({ ...learning, temperature: 10 }),
      ];
      // The same experience for all, so that only the backup can make a difference.
      for (const agent of agents) {
        const rng = Rng.fromSeed(4);
        for (let i = 0; i < 60; i++) {
          agent.observe({
            observation: spaces.observationSpace.sample(rng),
            action: rng.integer(2),
            reward: rng.normal(),
            nextObservation: spaces.observationSpace.sample(rng),
            terminated: i % 9 === 0,
            truncated: false,
          });
          agent.update();
        }
      }
      const [hardValues, cold, hot] = agents.map((agent) => agent.actionValues(someObservation));
      for (const a of [0, 1]) {
        expect(cold![a]).toBeCloseTo(hardValues![a]!, 4);
        expect(Math.abs(hot![a]! - hardValues![a]!)).toBeGreaterThan(0.05);
      }
    }
  });

  it('bootstraps through truncation but not through termination', () => {
    // A constant reward of 1 is worth 1 if each step terminates and far more if it goes on.
    const valueAfter = (flags: { terminated: boolean; truncated: boolean }) => {
      const agent = hard({ learningRate: 1e-2 });
      feed(agent, 400, 5, { reward: () => 1, ...flags });
      return agent.update().metrics().meanTarget!;
    };
    expect(valueAfter({ terminated: true, truncated: false })).toBeCloseTo(1, 5);
    expect(valueAfter({ terminated: false, truncated: true })).toBeGreaterThan(4);
  });

  it("with n steps adds the policy's bonuses along the way, in the soft agent alone", () => {
    /** Rewards stored after two steps with reward 0 that end an episode. */
    const stored = (agent: DeepAgent) => {
      for (const terminated of [false, true]) {
        const step = { observation: someObservation, nextObservation: someObservation };
        agent.observe({ ...step, action: 0, reward: 0, terminated, truncated: false });
      }
      return [...agent.save().rows!.replay!.read(0, 2).reward!];
    };
    expect(stored(hard({ nStep: 2 }))).toEqual([0, 0]);
    const agent = soft({ nStep: 2, temperature: 0.5, discount: 0.9 });
    const entropy = -agent.policy(someObservation).reduce((sum, p) => sum + p * Math.log(p), 0);
    const [first, last] = stored(agent);
    expect(first).toBeCloseTo(0.9 * 0.5 * entropy, 5);
    expect(last).toBe(0);
    const divergent = soft({ nStep: 2, temperature: 0.5, discount: 0.9, actionPrior: 'uniform' });
    expect(stored(divergent)[0]).toBeCloseTo(0.9 * 0.5 * (entropy - Math.log(2)), 5);
  });
});

describe('learning a gridworld from uniformly drawn pairs', () => {
  // Three by three cells with a pit next to the goal, deterministic.
  const mdp = gridWorld({ map: '..G/.#L/S..' });
  const context = { observationSpace: new Discrete(mdp.stateCount), actionSpace: new Discrete(4) };
  const learning = { hiddenSizes: [64], batchSize: 64, replayCapacity: 5000, discount: 0.9 };
  const states = [0, 1, 3, 6, 7, 8];

  it.each([0.1, 1])('finds the exact soft policy, temperature %s', (temperature) => {
    const agent = soft(
      { ...learning, temperature, learningRate: 2e-3, targetEvery: 1, targetRate: 0.05 },
      context,
    );
    trainOnUniformPairs(agent, mdp, { steps: 4000, rng: Rng.fromSeed(2) });
    const exact = solveTabular(mdp, { inference: 'variational', discount: 0.9, temperature }).policy;
    for (const state of states) {
      const distance = agent
        .policy(state)
        .reduce((sum, p, a) => sum + Math.abs(p - exact[state * 4 + a]!) / 2, 0);
      expect(distance).toBeLessThan(0.05);
    }
  });

  it('finds the exact values with the hard backup, by a delayed copy', () => {
    const agent = hard({ ...learning, learningRate: 2e-3, targetEvery: 50 }, context);
    trainOnUniformPairs(agent, mdp, { steps: 4000, rng: Rng.fromSeed(2) });
    const exact = solveTabular(mdp, { inference: 'hard', discount: 0.9 }).Q;
    for (const state of states) {
      agent.actionValues(state).forEach((value, a) => {
        expect(Math.abs(value - exact[state * 4 + a]!)).toBeLessThan(0.05);
      });
    }
  });
});

describe('acting', () => {
  it('is uniform before learning starts, for any epsilon, and does not learn until then', () => {
    const agent = hard({ learningStarts: 400, initialEpsilon: 0, finalEpsilon: 0 });
    const before = arraysOf(agent);
    const actions: number[] = [];
    const counting = { reward: (action: number) => actions.push(action) };
    feed(agent, 400, 3, counting);
    // Binomial(400, 1/2) has standard deviation 10.
    expect(Math.abs(actions.filter((action) => action === 1).length - 200)).toBeLessThan(40);
    expect(arraysOf(agent)).toEqual(before);
    feed(agent, 1, 3, counting);
    expect(arraysOf(agent)).not.toEqual(before);
  });

  it('follows epsilon, or softmax(Q / tau)', () => {
    const share = (agent: DeepAgent) => {
      let ones = 0;
      for (let i = 0; i < 2000; i++) ones += agent.act(someObservation, { deterministic: false });
      return ones / 2000;
    };
    const greedy = hard({ learningStarts: 0, initialEpsilon: 0.5, finalEpsilon: 0.5 });
    const best = greedy.act(someObservation, { deterministic: true });
    expect(greedy.policy(someObservation)[best]).toBe(1);
    expect(Math.abs(share(greedy) - (best === 1 ? 0.75 : 0.25))).toBeLessThan(0.05);
    const agent = soft({ learningStarts: 0, temperature: 0.2 });
    const [first, second] = agent.actionValues(someObservation);
    const expected = 1 / (1 + Math.exp((first! - second!) / 0.2));
    expect(agent.policy(someObservation)[1]).toBeCloseTo(expected, 6);
    expect(Math.abs(share(agent) - expected)).toBeLessThan(0.05);
  });
});

describe('gradient steps', () => {
  it('are taken when due', () => {
    const agent = hard({ learningStarts: 4, trainEvery: 3, gradientSteps: 2 });
    const due = Array.from({ length: 9 }, () => {
      const step = { observation: someObservation, nextObservation: someObservation };
      agent.observe({ ...step, action: 0, reward: 0, terminated: false, truncated: false });
      return agent.update().gradientSteps;
    });
    expect(due).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 2]);
  });

  it('wait for the first complete n-step return', () => {
    const agent = hard({ learningStarts: 0, nStep: 3 });
    const due = Array.from({ length: 4 }, () => {
      const step = { observation: someObservation, nextObservation: someObservation };
      agent.observe({ ...step, action: 0, reward: 0, terminated: false, truncated: false });
      return agent.update().gradientSteps;
    });
    expect(due).toEqual([0, 0, 1, 1]);
  });

  it('copy the network into the target at intervals, or move it a little each time', () => {
    const copied = hard({ targetEvery: 3 });
    const initial = arraysOf(copied)[`target/${firstLayer}`];
    feed(copied, 12, 5);
    expect(arraysOf(copied)[`target/${firstLayer}`]).toEqual(initial);
    feed(copied, 1, 6);
    expect(arraysOf(copied)[`target/${firstLayer}`]).toEqual(arraysOf(copied)[`network/${firstLayer}`]);

    const averaged = hard({ targetEvery: 1, targetRate: 0.25 });
    feed(averaged, 10, 5);
    const old = arraysOf(averaged)[`target/${firstLayer}`]!.data;
    feed(averaged, 1, 6);
    const arrays = arraysOf(averaged);
    arrays[`target/${firstLayer}`]!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(0.75 * old[i]! + 0.25 * arrays[`network/${firstLayer}`]!.data[i]!, 6);
    });
  });

  it('report the exploration that goes with them', () => {
    const agent = hard({ epsilonSteps: 40 });
    feed(agent, 20, 5);
    expect(agent.update().metrics()).toMatchObject({ epsilon: 1 - 0.95 / 2, loss: expect.any(Number) });
    const hot = soft({ temperature: 1e6 });
    feed(hot, 20, 5);
    expect(hot.update().metrics().entropy).toBeCloseTo(Math.log(2), 4);
  });
});

describe('saving', () => {
  it.each([
    ['dqn', () => hard({ nStep: 3 }), () => hard({ nStep: 3 }, {}, 99)],
    ['soft-dqn', () => soft({ nStep: 3 }), () => soft({ nStep: 3 }, {}, 99)],
  ])('%s continues with bit-identical numbers, n-step window included', (_, make, makeOther) => {
    expectToContinue(make(), makeOther(), feed);
  });

  it.each<[string, (good: Snapshot) => Snapshot]>([
    ['networks of another width', () => copySnapshot(hard({ hiddenSizes: [8] }).save())],
    ['a replay of another capacity', () => copySnapshot(hard({ replayCapacity: 7 }).save())],
    ['no replay', ({ arrays, metadata }) => ({ arrays, metadata })],
    ['no step counter', (good) => ({ ...good, metadata: { ...good.metadata, observed: null } })],
    ['no random stream', (good) => ({ ...good, metadata: { ...good.metadata, replayRng: {} } })],
    [
      'a window of a longer n',
      () => {
        const longer = hard({ nStep: 4 });
        feed(longer, 20, 6);
        return copySnapshot(longer.save());
      },
    ],
  ])('refuses a snapshot with %s, and stays as it was', (_, spoil) => {
    const agent = hard({ nStep: 2 });
    feed(agent, 30, 5);
    const other = hard({ nStep: 2 }, {}, 2);
    feed(other, 20, 6);
    expectToRefuse(agent, spoil(copySnapshot(other.save())));
  });

  it('leaves no tensors behind', () => {
    expectNoLeaks(() => soft({ nStep: 2 }), feed);
    alive.length = 0;
  });
});

describe('a space that does not fit', () => {
  it('is refused, and the message names agents that fit', () => {
    const actionSpace = new Box({ low: [-1], high: [1] });
    expect(() => hard({}, { actionSpace })).toThrow(SpaceMismatchError);
    expect(() => soft({}, { actionSpace })).toThrow(
      'soft-dqn needs a Discrete action space, got Box(1, float32). For bounded continuous actions use',
    );
  });

  it('a temperature of 0 or below is refused, and the message names the agent for the limit', () => {
    expect(() => soft({ temperature: -1 })).toThrow(
      new InvalidInputError(
        'config.temperature',
        'expected a number above 0; for the limit of 0 use the agent "dqn", got -1',
      ),
    );
  });
});
