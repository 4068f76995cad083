// What a caller asks an agent between acting and observing must not change what it learns.
import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  type Agent,
  type AgentDefinition,
  Box,
  Discrete,
  parseConfig,
  Rng,
  type Snapshot,
  type Space,
  snapshotsEqual,
} from '@maxent/core';
import { beforeAll, expect, it } from 'vitest';
import { agentsPlugin } from './plugin.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const STEPS = 15;
const ENVIRONMENTS = [0, 1];
const small = { hiddenSizes: [4], batchSize: 8, learningStarts: 5, replayCapacity: 40 };
const scaled = { normalizeObservations: true, rewardScaling: true };

/** Settings in which an agent has the most to remember. */
const settings: Readonly<Record<string, object>> = {
  sac: { ...scaled, valueNetwork: true, nStep: 3 },
  crossq: { rewardScaling: true, criticHiddenSizes: [4] },
  sql: scaled,
  meow: {
    ...{ ...scaled, priorComponents: 2, couplings: 'affine' },
    ...{ flowHiddenSizes: [4], couplingHiddenSize: 4 },
  },
  dqn: { nStep: 3, normalizeObservations: true },
  'soft-dqn': { nStep: 3, normalizeObservations: true },
  'discrete-sac': { normalizeObservations: true },
};

/** Questions that some agents answer, by the name of their method. */
const QUESTIONS = ['actionValues', 'policy', 'softValue', 'actionValue', 'logProb', 'frozenSoftQ'] as const;

/** An agent for small spaces, in these settings. */
// biome-ignore lint/suspicious/noExplicitAny: definitions with any schema.
async function make(definition: AgentDefinition<any>) {
  const { name } = definition;
  const tabular = name.endsWith('q-learning');
  const discrete = tabular || name.includes('dqn') || name.startsWith('discrete');
  const observationSpace: Space<unknown> = tabular
    ? new Discrete(4)
    : new Box({ low: -1, high: 1, shape: [3] });
  const actionSpace: Space<unknown> = discrete ? new Discrete(3) : new Box({ low: [-2, 0], high: [2, 1] });
  const config = parseConfig(definition.config, tabular ? {} : { ...small, ...settings[name] });
  const agent = await definition.create({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
  return { agent, observationSpace, actionSpace };
}

// biome-ignore lint/suspicious/noExplicitAny: definitions with any schema.
const definitions = agentsPlugin.agents!.map((definition): [string, AgentDefinition<any>] => [
  definition.name,
  definition,
]);

function ask(agent: Agent, observation: unknown, action: unknown, rng: Rng): void {
  const answers = agent as Agent &
    Partial<Record<(typeof QUESTIONS)[number], (...given: unknown[]) => unknown>>;
  agent.act(observation, { deterministic: true });
  agent.act(observation, { deterministic: false, rng });
  agent.save();
  agent.describePolicy!();
  for (const question of QUESTIONS) {
    const answer = answers[question]?.(observation, action);
    if (question === 'frozenSoftQ') (answer as { dispose(): void } | undefined)?.dispose();
  }
}

/** What an agent is after some steps in a world of random observations, which asks it in between, if `asked`. */
// biome-ignore lint/suspicious/noExplicitAny: definitions with any schema.
async function learned(definition: AgentDefinition<any>, asked = false) {
  const made = await make(definition);
  const { agent, observationSpace } = made;
  const [world, questions] = [Rng.fromSeed(2), Rng.fromSeed(3)];
  for (let step = 0; step < STEPS; step++) {
    const acted = ENVIRONMENTS.map((environment) => {
      const observation = observationSpace.sample(world);
      return {
        environment,
        observation,
        action: agent.act(observation, { deterministic: false, environment }),
      };
    });
    if (asked) for (const { observation, action } of acted) ask(agent, observation, action, questions);
    for (const taken of acted) {
      const nextObservation = observationSpace.sample(world);
      const [terminated, truncated] = [step % 7 === 6, false];
      agent.observe({ ...taken, reward: world.normal(), nextObservation, terminated, truncated });
      const update = agent.update();
      if (asked) update.metrics();
    }
  }
  return made;
}

it.each(definitions)('of %s leave no trace', async (_, definition) => {
  const plain = (await learned(definition)).agent;
  const asked = (await learned(definition, true)).agent;
  expect(snapshotsEqual(asked.save(), plain.save())).toBe(true);
  expect(asked.update().metrics()).toEqual(plain.update().metrics());
  for (const agent of [plain, asked]) agent.dispose();
});

it.each(definitions)(
  'of the value of an action have the same answer from %s when it is restored',
  async (_, definition) => {
    const { agent, observationSpace, actionSpace } = await learned(definition);
    const restored = (await make(definition)).agent;
    restored.load(agent.save());
    const rng = Rng.fromSeed(4);
    const pairs = Array.from(
      { length: 5 },
      () => [observationSpace.sample(rng), actionSpace.sample(rng)] as const,
    );
    const values = pairs.map((pair) => agent.actionValue!(...pair));
    expect(pairs.map((pair) => restored.actionValue!(...pair))).toEqual(values);
    expect(new Set(values).size).toBeGreaterThan(1);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(() => agent.actionValue!('nowhere', pairs[0]![1])).toThrow(/^actionValue: (observation|state)/);
    expect(() => agent.actionValue!(pairs[0]![0], 'nothing')).toThrow(/^actionValue: action/);
    for (const each of [agent, restored]) each.dispose();
  },
);

/** What a ReLU network with these weights and biases says of an input, computed here. */
function applyNetwork({ arrays }: Snapshot, name: string, input: readonly number[]): number[] {
  let values = [...input];
  for (let layer = 0; arrays[`${name}.layer.${layer}.weight`] !== undefined; layer++) {
    const { data: weight } = arrays[`${name}.layer.${layer}.weight`]!;
    const { data: bias } = arrays[`${name}.layer.${layer}.bias`]!;
    const last = arrays[`${name}.layer.${layer + 1}.weight`] === undefined;
    values = Array.from(bias as Float32Array, (start, j) => {
      const sum = values.reduce(
        (total, value, i) => total + value * Number(weight[i * bias.length + j]),
        start,
      );
      return last ? sum : Math.max(sum, 0);
    });
  }
  return values;
}

it.each(['sac', 'sql'])(
  'of the value of an action have the answer of the critics that %s saves',
  async (name) => {
    const [, definition] = definitions.find(([other]) => other === name)!;
    const { agent } = await learned({
      ...definition,
      create: (context, config) => definition.create(context, { ...config, normalizeObservations: false }),
    });
    const critics = agent.save();
    const found = agent.actionValue!([0.5, -0.25, 1], [1, 0.75]);
    // Actions from -2 to 2 and from 0 to 1, scaled to -1 to 1.
    const input = [0.5, -0.25, 1, 0.5, 0.5];
    const count = Object.keys(critics.arrays).filter((key) =>
      /^critics\/member\.\d+\.layer\.0\.weight$/.test(key),
    ).length;
    const values = Array.from(
      { length: count },
      (_, i) => applyNetwork(critics, `critics/member.${i}`, input)[0]!,
    );
    expect(count).toBeGreaterThan(0);
    expect(found).toBeCloseTo(Math.min(...values), 5);
    agent.dispose();
  },
);
