import { agentsPlugin } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import {
  type Agent,
  type AgentContext,
  Box,
  Discrete,
  isBoundedBox,
  isBox,
  parseConfig,
  Registry,
  Rng,
  type Space,
} from '@maxent/core';
import { hierarchyPlugin } from '@maxent/hierarchy';
import { metaPlugin } from '@maxent/meta';

/** Every built-in agent. */
export const registry = new Registry([agentsPlugin, metaPlugin, hierarchyPlugin]);

/** The spaces to test an agent on, and a configuration that makes it small. */
export interface Subject {
  readonly name: string;
  readonly title: string;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tasks?: readonly (readonly number[])[];
}

const box = new Box({ low: -Infinity, high: Infinity, shape: [5] });
const torques = new Box({ low: [-2, -0.4, 0], high: [2, 0.4, 10], dataType: 'float64' });
const onBoxes = { observationSpace: box, actionSpace: torques };
const onChoices = { observationSpace: box, actionSpace: new Discrete(4) };
const onTables = { observationSpace: new Discrete(7), actionSpace: new Discrete(4) };
const small = { hiddenSizes: [24, 16], batchSize: 8, replayCapacity: 100 };
const tasks = [
  [0.5, 1],
  [-0.5, 0],
];
const smallMeow = { ...small, flowHiddenSizes: [12], couplingHiddenSize: 12, couplingLayers: 3 };
const smallPearl = {
  ...small,
  metaBatchSize: 2,
  contextSize: 8,
  latentSize: 3,
  encoderHiddenSizes: [12, 10],
  initialSteps: 8,
};

/** One row for each agent and each option that changes how its policy is built. */
export const subjects: readonly Subject[] = [
  subject('sac', onBoxes, small),
  subject('sac', onBoxes, { ...small, valueNetwork: true, temperature: 1 }, 'first version'),
  subject('sac', onBoxes, { ...small, normalizeObservations: true, rewardScaling: true }, 'scaled'),
  subject('crossq', onBoxes, { ...small, criticHiddenSizes: [20] }),
  subject('sql', onBoxes, {
    ...small,
    criticCount: 2,
    valueParticles: 4,
    fixedParticles: 4,
    updatedParticles: 4,
  }),
  subject(
    'sql',
    onBoxes,
    { ...small, valueParticles: 4, fixedParticles: 4, updatedParticles: 4, normalizeObservations: true },
    'scaled',
  ),
  subject('meow', onBoxes, smallMeow),
  subject(
    'meow',
    onBoxes,
    { ...smallMeow, couplings: 'affine', normalizeObservations: true },
    'affine, scaled',
  ),
  subject('meow', onBoxes, { ...smallMeow, priorComponents: 3 }, 'a mixture prior'),
  subject(
    'meow',
    { ...onBoxes, actionSpace: new Box({ low: [-2], high: [2] }) },
    { ...smallMeow, couplings: 'affine', priorComponents: 2, normalizeObservations: true },
    'one action entry',
  ),
  subject('lsp', onBoxes, { ...small, couplingHiddenSize: 12 }),
  subject('lsp', onBoxes, { ...small, couplingHiddenSize: 12, normalizeObservations: true }, 'scaled'),
  subject(
    'lsp',
    { ...onBoxes, actionSpace: new Box({ low: -Infinity, high: Infinity, shape: [3] }) },
    { ...small, couplingHiddenSize: 12 },
    'an upper level',
  ),
  subject('dqn', onChoices, small),
  subject('soft-dqn', onChoices, { ...small, temperature: 0.3 }),
  subject('discrete-sac', onChoices, { ...small, normalizeObservations: true }, 'scaled'),
  subject('discrete-sac', onChoices, small),
  subject('q-learning', onTables, {}),
  subject('soft-q-learning', onTables, { temperature: 0.2 }),
  subject('pearl', { ...onBoxes, tasks }, smallPearl),
  subject(
    'pearl',
    { ...onBoxes, tasks },
    { ...smallPearl, includePrior: true, nextObservationInContext: true, contextReward: 'sparse' },
    'next observations, prior, another reward',
  ),
  subject('pearl', { ...onBoxes, tasks }, { ...smallPearl, encoder: 'attention' }, 'attention'),
  subject('pearl', { ...onChoices, tasks }, smallPearl, 'Discrete actions'),
  subject(
    'pearl',
    { ...onTables, tasks },
    { ...smallPearl, nextObservationInContext: true },
    'Discrete observations and actions',
  ),
  subject(
    'pearl',
    { ...onBoxes, tasks },
    { ...smallPearl, normalizeObservations: true, nextObservationInContext: true },
    'scaled',
  ),
  subject('pearl', { ...onBoxes, tasks }, { ...smallPearl, taskInput: 'told' }, 'told the task'),
  subject('pearl', { ...onBoxes, tasks }, { ...smallPearl, taskInput: 'none' }, 'blind'),
];

function subject(
  name: string,
  spaces: Pick<Subject, 'observationSpace' | 'actionSpace' | 'tasks'>,
  config: Subject['config'],
  variant?: string,
): Subject {
  return { name, title: variant === undefined ? name : `${name}: ${variant}`, ...spaces, config };
}

/** A new agent, which the caller disposes of. */
export async function makeAgent(subject: Subject, seed = 1): Promise<Agent> {
  await selectBackend({ prefer: 'wasm' });
  const definition = registry.agent(subject.name);
  const context: AgentContext = { ...subject, rng: Rng.fromSeed(seed) };
  return definition.create(context, parseConfig(definition.config, subject.config));
}

/** Gives a new agent's acting parts weights of trained size: parts that start at zero would not be tested. */
export function unsettle(agent: Agent, rng: Rng): void {
  const { arrays, ...rest } = agent.save();
  const acting = /^(learner\/)?(actor|network|sampler|critics|encoder|prior|flow)\/|^values$/;
  const moved = Object.entries(arrays).map(([name, { shape, data }]) => {
    const copy = data.slice();
    if (acting.test(name)) for (let i = 0; i < copy.length; i++) copy[i]! += rng.normal(0, 0.2);
    // Change statistics too, which are empty before training.
    const spread = name === 'normalizeObservations/variance';
    if (spread || name === 'normalizeObservations/mean') {
      for (let i = 0; i < copy.length; i++) copy[i] = spread ? rng.uniform(0.01, 4) : rng.normal();
    }
    return [name, { shape, data: copy }] as const;
  });
  agent.load({ ...rest, arrays: Object.fromEntries(moved) });
}

/** The largest difference of two actions, in units of a Box's range; Infinity for two different choices. */
export function distanceOf(space: Space<unknown>, a: unknown, b: unknown): number {
  if (!isBox(space)) return a === b ? 0 : Infinity;
  const [left, right] = [a as Float64Array, b as Float64Array];
  let largest = left.length === right.length ? 0 : Infinity;
  for (let i = 0; i < space.flatSize; i++) {
    const range = isBoundedBox(space) ? space.high[i]! - space.low[i]! : 2;
    largest = Math.max(largest, Math.abs(left[i]! - right[i]!) / range);
  }
  return largest;
}
