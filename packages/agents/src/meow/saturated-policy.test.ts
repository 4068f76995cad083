// Near a bound an action no longer tells its u, so replay keeps the u that was drawn. Which one it keeps must not depend
// on what else the agent was asked.
import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, type BoxArray, copySnapshot, Rng, snapshotsEqual } from '@maxent/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { maximumEntropyFlowConfig } from './config.js';
import { MaximumEntropyFlow } from './maximum-entropy-flow.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [3] });
const actionSpace = new Box({ low: [-1], high: [1] });
const observation = Float32Array.of(0.3, -1, 0.8);
/** Where every action is 1 in float32. */
const MEAN = 14;
const CLIPPED = Math.atanh(1 - 1e-5);

const alive: MaximumEntropyFlow[] = [];

afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

/** u ~ N(14, 0.6^2) in every state. */
function makeSaturated(seed = 1): MaximumEntropyFlow {
  const config = maximumEntropyFlowConfig.parse({
    ...{ hiddenSizes: [4], flowHiddenSizes: [4], couplingHiddenSize: 4, batchSize: 4 },
    ...{ learningStarts: 0, replayCapacity: 50 },
  });
  const agent = new MaximumEntropyFlow({ observationSpace, actionSpace, rng: Rng.fromSeed(seed) }, config);
  alive.push(agent);
  const saved = copySnapshot(agent.save());
  // No entry is kept: hidden biases, then weights and biases of [log scale, shift].
  saved.arrays['flow/couplings/layer.0']!.data.set([MEAN], 4 + 2 * 4 + 1);
  agent.load(saved);
  return agent;
}

const drawIn = (agent: MaximumEntropyFlow, environment?: number): BoxArray =>
  agent.act(observation, { deterministic: false, ...(environment !== undefined && { environment }) });

function observe(agent: MaximumEntropyFlow, action: BoxArray, environment?: number): void {
  agent.observe({
    ...{ observation, action, reward: 1, nextObservation: observation, terminated: true, truncated: false },
    ...(environment !== undefined && { environment }),
  });
}

const stored = (agent: MaximumEntropyFlow): number[] => {
  const { replay } = agent.save().rows!;
  return [...replay!.read(0, replay!.appended).action!];
};

describe('the u that replay keeps of an action that the agent drew', () => {
  it('does not depend on questions and evaluations between act and observe', () => {
    const [plain, asked] = [makeSaturated(), makeSaturated()];
    for (let i = 0; i < 3; i++) observe(plain, drawIn(plain));
    const rng = Rng.fromSeed(3);
    for (let i = 0; i < 3; i++) {
      const action = drawIn(asked);
      expect(action).toEqual(Float32Array.of(1));
      const logProb = asked.logProb(observation, action);
      expect(asked.logProb(observation, action)).toBe(logProb);
      asked.actionValue(observation, action);
      asked.softValue(observation);
      for (let step = 0; step < 20; step++) asked.act(observation, { deterministic: true });
      asked.act(observation, { deterministic: false, rng });
      asked.describePolicy();
      observe(asked, action.slice());
      asked.logProb(observation, action);
    }
    const kept = stored(asked);
    for (const u of kept) expect(Math.abs(u - MEAN)).toBeLessThan(4);
    expect(new Set(kept).size).toBe(3);
    expect(kept).toEqual(stored(plain));
    expect(snapshotsEqual(asked.save(), plain.save())).toBe(true);
  });

  it('is the one drawn in its own environment, also where others took the same action', () => {
    const [together, alone] = [makeSaturated(), makeSaturated()];
    const environments = [0, 1, 2];
    for (const environment of environments) observe(alone, drawIn(alone, environment), environment);
    const actions = environments.map((environment) => drawIn(together, environment));
    for (const action of actions) expect(action).toEqual(Float32Array.of(1));
    for (const environment of environments) observe(together, actions[environment]!, environment);
    expect(stored(together)).toEqual(stored(alone));
  });

  it('is in a snapshot that was saved between act and observe', () => {
    const agent = makeSaturated();
    observe(agent, drawIn(agent));
    const actions = [0, 1].map((environment) => drawIn(agent, environment));
    const resumed = makeSaturated(2);
    observe(resumed, drawIn(resumed, 5), 5);
    resumed.load(copySnapshot(agent.save()));
    for (const one of [agent, resumed]) {
      for (const environment of [0, 1]) observe(one, actions[environment]!, environment);
    }
    expect(Math.min(...stored(resumed))).toBeGreaterThan(CLIPPED + 1);
    expect(snapshotsEqual(resumed.save(), agent.save())).toBe(true);
  });
});

it('takes the actions of others as they are, also right after an evaluation took the same', () => {
  const agent = makeSaturated();
  const action = agent.act(observation, { deterministic: true });
  agent.act(observation, { deterministic: false, rng: Rng.fromSeed(3) });
  observe(agent, action);
  expect(stored(agent)[0]).toBeCloseTo(CLIPPED, 4);
});
