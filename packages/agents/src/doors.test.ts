import { countTensors, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  type Agent,
  type AgentDefinition,
  Box,
  Dict,
  Discrete,
  isMaxentError,
  MultiDiscrete,
  parseConfig,
  Rng,
  type Space,
  snapshotsEqual,
} from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  continuousSoftQLearning,
  crossQ,
  deepQNetwork,
  discreteSoftActorCritic,
  maximumEntropyFlow,
  qLearning,
  softActorCritic,
  softDeepQNetwork,
  softQLearning,
} from './plugin.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const box = (size: number) => new Box({ low: -1, high: 1, shape: [size] });
const small = { hiddenSizes: [4], batchSize: 4, learningStarts: 2, replayCapacity: 10 };

const record = new Dict({ goal: new Discrete(2), position: box(2) });

/** A value of each space, and others that do not belong to it. */
const values: [Space<unknown>, unknown, unknown[]][] = [
  [
    box(1),
    Float32Array.of(0.5),
    [undefined, null, 0.5, '0.5', [], [[0.5]], [Number.NaN], new Float32Array(2), {}, BigInt64Array.of(1n)],
  ],
  [
    box(3),
    [0.9, 0.1, -2],
    [[0.9, 0.1], new Float32Array(6), [Float32Array.of(1, 2, 3)], [1, 2, Infinity], 'abc'],
  ],
  [new Discrete(3), 2, [3, -1, 0.5, Number.NaN, '1', [0, 1, 0], undefined]],
  [new MultiDiscrete([2, 2]), Int32Array.of(1, 0), [[2, 0], [0.5, 0], [1], 1, [0, 1, 1, 0]]],
  [
    record,
    { goal: 1, position: [0, 0] },
    [3, { goal: 1 }, { goal: 2, position: [0, 0] }, { goal: 1, position: [0, 0], x: 1 }],
  ],
];

// biome-ignore lint/suspicious/noExplicitAny: definitions with any schema.
type Definition = AgentDefinition<any>;

const cases: [string, Definition, Space<unknown>, Space<unknown>][] = [
  ...values.map(([space]) => ['sac', softActorCritic, space, box(2)] as const),
  ['crossq', crossQ, record, box(2)],
  ['sql', continuousSoftQLearning, box(3), box(2)],
  ['meow', maximumEntropyFlow, box(3), box(2)],
  ...[deepQNetwork, softDeepQNetwork, discreteSoftActorCritic].flatMap((definition) =>
    [box(1), new Discrete(3)].map((space) => [definition.name, definition, space, new Discrete(3)] as const),
  ),
  ['q-learning', qLearning, new Discrete(3), new Discrete(3)],
  ['soft-q-learning', softQLearning, new Discrete(3), new Discrete(3)],
].map(([name, definition, observations, actions]) => [name, definition, observations, actions] as never);

function valuesOf(space: Space<unknown>): { good: unknown; bad: unknown[] } {
  const found = values.find(([known]) => known.toString() === space.toString());
  if (found !== undefined) return { good: found[1], bad: found[2] };
  return { good: [0.5, -0.5], bad: [0.5, [0.5], new Float64Array(3), [Number.NaN, 0], undefined, 'go'] };
}

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (isMaxentError(error, 'SPACE_MISMATCH') || isMaxentError(error, 'INVALID_INPUT')) return error.message;
    throw error;
  }
  return 'taken';
}

async function make(definition: Definition, observationSpace: Space<unknown>, actionSpace: Space<unknown>) {
  const known = Object.keys(definition.config.shape);
  const config = Object.fromEntries(Object.entries(small).filter(([key]) => known.includes(key)));
  const context = { observationSpace, actionSpace, rng: Rng.fromSeed(1) };
  return (await definition.create(context, parseConfig(definition.config, config))) as Agent;
}

describe.each(cases)('%s', (_, definition, observationSpace, actionSpace) => {
  const observations = valuesOf(observationSpace);
  const actions = valuesOf(actionSpace);
  const transition = {
    observation: observations.good,
    action: actions.good,
    reward: 1,
    nextObservation: observations.good,
    terminated: false,
    truncated: false,
  };

  it(`refuses input that does not fit ${observationSpace}, and stays as it was`, async () => {
    const agent = await make(definition, observationSpace, actionSpace);
    for (let i = 0; i < 3; i++) agent.observe(transition);
    const before = agent.save();
    const rows = before.rows?.replay?.appended;
    const tensors = countTensors();
    for (const bad of observations.bad) {
      for (const options of [{ deterministic: true }, { deterministic: false }]) {
        expect(refusal(() => agent.act(bad, options))).toMatch(/^act: observation: /);
      }
      for (const door of ['observation', 'nextObservation'] as const) {
        const message = refusal(() => agent.observe({ ...transition, [door]: bad }));
        expect(message).toMatch(new RegExp(`^observe: ${door}: `));
      }
    }
    for (const bad of actions.bad) {
      expect(refusal(() => agent.observe({ ...transition, action: bad }))).toMatch(/^observe: action: /);
    }
    for (const [door, bad] of [
      ['reward', '1'],
      ['reward', Number.NaN],
      ['terminated', undefined],
      ['truncated', 1],
      ['duration', 0],
      ['environment', -1],
    ] as const) {
      const message = refusal(() => agent.observe({ ...transition, [door]: bad }));
      expect(message).toMatch(new RegExp(`^observe: ${door}: `));
    }
    const elsewhere = { deterministic: false, environment: 0.5 };
    expect(refusal(() => agent.act(observations.good, elsewhere))).toMatch(/^act: environment: .* got 0\.5$/);
    expect(countTensors()).toBe(tensors);
    const after = agent.save();
    expect(after.rows?.replay?.appended).toBe(rows);
    expect(snapshotsEqual({ ...after, rows: {} }, { ...before, rows: {} })).toBe(true);
    agent.dispose();
  });

  it('gives equal actions for equal observations, however they are written', async () => {
    const agent = await make(definition, observationSpace, actionSpace);
    const act = () => agent.act(observations.good, { deterministic: true });
    const first = act();
    expect([act(), act(), act()]).toEqual([first, first, first]);
    if (ArrayBuffer.isView(observations.good)) {
      const plain = Array.from(observations.good as Float32Array);
      expect(agent.act(plain, { deterministic: true })).toEqual(first);
    }
    agent.dispose();
  });
});

it.each([
  [undefined, 'is undefined, which is not a space; expected a Box, Discrete, MultiDiscrete or Dict'],
  [3, 'is 3, which is not a space'],
  [{ kind: 'box', flatSize: 2 }, 'which is not a space: it has no sample method'],
  [Object.assign(Object.create(box(2)), { low: [0] }), 'needs the properties flatSize, low and high'],
])('an agent is not made for %o', async (space, problem) => {
  for (const definition of [
    softActorCritic,
    deepQNetwork,
    discreteSoftActorCritic,
    continuousSoftQLearning,
    maximumEntropyFlow,
    qLearning,
  ]) {
    const actions = [softActorCritic, continuousSoftQLearning, maximumEntropyFlow].includes(
      definition as never,
    )
      ? box(2)
      : new Discrete(2);
    await expect(async () => make(definition, space as never, actions)).rejects.toThrow(
      /^observationSpace\b/,
    );
    await expect(async () => make(definition, box(2), space as never)).rejects.toThrow(problem);
  }
});
