import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineAgent, defineEnvironment, type Plugin } from '../plugin.js';
import { Rng } from '../random/rng.js';
import { Box } from '../spaces/box.js';
import type { TaskFamily } from '../task-family.js';
import { checkPlugin } from './check-plugin.js';
import { ConformanceError } from './checklist.js';
import { Learner } from './test-support/learner.js';
import { Walk } from './test-support/walk.js';

const walk = defineEnvironment({
  id: 'Walk-v0',
  description: 'A walk on a line.',
  options: z.object({ width: z.number().default(2).describe('Where it ends.') }),
  maxEpisodeSteps: 100,
  create: () => new Walk(),
});
const learner = defineAgent({
  name: 'learner',
  description: 'Learns a little.',
  config: z.object({ patience: z.int().default(1).describe('Rounds before it learns.') }),
  presets: { 'Walk-v0': { patience: 2 } },
  create: (context) => new Learner(context),
});
const familyOf = (changes: Partial<TaskFamily> = {}): TaskFamily => ({
  id: 'Walks',
  split: ({ trainCount, testCount, seed }) => {
    const rng = Rng.fromSeed(seed);
    const tasks = (count: number) => Array.from({ length: count }, () => ({ goal: rng.uniform() }));
    return { train: tasks(trainCount), test: tasks(testCount) };
  },
  maxEpisodeSteps: 100,
  descriptor: ({ goal }) => [goal],
  create: () => new Walk(),
  ...changes,
});
const families = (changes: Partial<TaskFamily> = {}) => [
  {
    id: 'Walks',
    description: 'Walks to goals.',
    options: z.object({}),
    create: () => familyOf(changes),
  },
];
let calls = 0;

async function problemsOf(plugin: Partial<Plugin>): Promise<string[]> {
  const violated = await checkPlugin({ name: 'walks', ...plugin }, { agents: { learner: {} } }).catch(
    (error: unknown) => error,
  );
  expect(violated).toBeInstanceOf(ConformanceError);
  return (violated as ConformanceError).violations.map(({ rule, problem }) => `${rule}: ${problem}`);
}

describe('checkPlugin', () => {
  it('accepts a plugin that keeps the contract, and tries everything in it', async () => {
    const { subject, passed, skipped } = await checkPlugin(
      { name: 'walks', environments: [walk], agents: [learner], taskFamilies: families() },
      { agents: { learner: { countTensors: () => 0 } } },
    );
    expect(subject).toBe('plugin walks');
    expect(skipped).toEqual([]);
    expect(passed).toContain('environment Walk-v0: equal seeds give equal episodes');
    expect(passed).toContain('agent learner: save and load continue bit for bit');
    expect(passed).toContain('task family Walks: environments share their spaces');
  });

  it('says which agents it did not try', async () => {
    const { skipped } = await checkPlugin({ name: 'walks', agents: [learner] });
    expect(skipped).toEqual([
      { rule: 'agent learner: behavior', reason: 'no options to test it with were passed' },
    ]);
  });

  it('passes options on to the environment', async () => {
    const { skipped } = await checkPlugin(
      { name: 'walks', environments: [walk] },
      { environments: { 'Walk-v0': { deterministic: true } } },
    );
    expect(skipped.map(({ rule }) => rule)).toEqual([
      'environment Walk-v0: different seeds give different episodes',
    ]);
  });

  it('stops at what cannot be registered', async () => {
    expect(await problemsOf({ name: '', environments: [walk] })).toEqual([
      'can be registered: threw PluginError: a plugin needs a non-empty name, got ""',
    ]);
  });

  it.each<[string, Partial<Plugin>]>([
    ['environment Walk-v0: has a description: got " "', { environments: [{ ...walk, description: ' ' }] }],
    [
      'environment Walk-v0: options have defaults and descriptions: field width has no description',
      { environments: [{ ...walk, options: z.object({ width: z.number().default(1) }) }] },
    ],
    [
      'environment Walk-v0: maxEpisodeSteps is a positive integer or null: got 0',
      { environments: [{ ...walk, maxEpisodeSteps: 0 }] },
    ],
    [
      'environment Walk-v0: nothing runs after close, which may be called again: step after close',
      { environments: [{ ...walk, create: () => Object.assign(new Walk(), { close: () => undefined }) }] },
    ],
    [
      'agent learner: presets fit the config: threw InvalidInputError: presets.Walk-v0.patients: unknown key',
      { agents: [{ ...learner, presets: { 'Walk-v0': { patients: 1 } } }] },
    ],
    [
      'agent learner: has a description: got undefined',
      { agents: [{ ...learner, description: undefined! }] },
    ],
    [
      'agent learner: a snapshot of something else is refused',
      {
        agents: [
          { ...learner, create: (context) => Object.assign(new Learner(context), { load: () => undefined }) },
        ],
      },
    ],
    [
      'task family Walks: has a description: got ""',
      { taskFamilies: [{ ...families()[0]!, description: '' }] },
    ],
    [
      'task family Walks: a split has the requested numbers of tasks, the same for the same seed: split returned 0 train and 0 test tasks; expected 4 and 2',
      { taskFamilies: families({ split: () => ({ train: [], test: [] }) }) },
    ],
    [
      'task family Walks: a split has the requested numbers of tasks, the same for the same seed: the same seed gave',
      {
        taskFamilies: families({
          split: (options) => {
            calls += 1;
            return familyOf().split({ ...options, seed: calls });
          },
        }),
      },
    ],
    [
      'task family Walks: tasks are plain JSON: a task changes when it is stored as JSON: { goal: Infinity }',
      {
        taskFamilies: families({
          split: () => ({ train: new Array(4).fill({ goal: Infinity }), test: [{}, {}] }),
        }),
      },
    ],
    [
      'task family Walks: descriptors are finite numbers, equally many for each task: lengths are',
      { taskFamilies: families({ descriptor: ({ goal }) => (goal < 0.5 ? [goal] : [goal, goal]) }) },
    ],
    [
      'task family Walks: options have defaults and descriptions: ',
      { taskFamilies: [{ ...families()[0]!, options: z.object({ far: z.boolean() }) }] },
    ],
    [
      'task family Walks: environments share their spaces: found Box(',
      {
        taskFamilies: families({
          create: ({ goal }) =>
            Object.assign(
              new Walk(),
              goal < 0.5 ? {} : { observationSpace: new Box({ low: [0, 0], high: 1 }) },
            ),
        }),
      },
    ],
    [
      'task family Walks: episodes are truncated after maxEpisodeSteps: step 3 of an episode returned neither',
      { taskFamilies: families({ maxEpisodeSteps: 3 }) },
    ],
    [
      'task family Walks: episodes are truncated after maxEpisodeSteps: maxEpisodeSteps is undefined; expected a positive',
      { taskFamilies: families({ maxEpisodeSteps: undefined! }) },
    ],
  ])('finds: %s', async (problem, plugin) => {
    const problems = await problemsOf(plugin);
    expect(problems.filter((found) => found.startsWith(problem))).toHaveLength(1);
  });

  it('finds a field without a default, which breaks whatever needs one', async () => {
    const options = z.object({ width: z.number().describe('Where it ends.') });
    const problems = await problemsOf({ environments: [{ ...walk, options }] });
    expect(problems[0]).toContain(
      'options have defaults and descriptions: threw InvalidInputError: config.width',
    );
  });
});
