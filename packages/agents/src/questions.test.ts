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

it.each(definitions)('of %s leave no trace', async (name, definition) => {
  const tabular = name.endsWith('q-learning');
  const discrete = tabular || name.includes('dqn') || name.startsWith('discrete');
  const observationSpace: Space<unknown> = tabular
    ? new Discrete(4)
    : new Box({ low: -1, high: 1, shape: [3] });
  const actionSpace: Space<unknown> = discrete ? new Discrete(3) : new Box({ low: [-2, 0], high: [2, 1] });
  const config = parseConfig(definition.config, tabular ? {} : { ...small, ...settings[name] });
  const learned = await Promise.all(
    [false, true].map(async (asked) => {
      const agent = await definition.create({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
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
      return agent;
    }),
  );
  const [plain, asked] = learned;
  expect(snapshotsEqual(asked!.save(), plain!.save())).toBe(true);
  expect(asked!.update().metrics()).toEqual(plain!.update().metrics());
  for (const agent of learned) agent.dispose();
});
