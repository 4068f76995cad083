import {
  createAgent,
  createTaskFamily,
  type Environment,
  guardEnvironment,
  InvalidInputError,
  isMetaAgent,
  type MetaAgent,
  parseUnknown,
  type Registry,
  Rng,
  type TaskFamily,
  type TaskSplit,
} from '@maxent/core';
import { countSharedTasks, type RunConfig } from '@maxent/training';
import { adaptationSettings } from './adaptation-settings.js';
import type { RunWatch } from './run-watch.js';

/** The family of a run and its agent, which the caller disposes of. */
export interface FamilyRun {
  readonly family: TaskFamily;
  readonly split: TaskSplit<unknown>;
  readonly agent: MetaAgent;
  readonly explorationEpisodes: number;
  /** The spaces of every task. */
  readonly spaces: Pick<Environment, 'observationSpace' | 'actionSpace'>;
}

/** Creates the parts of a run over a family. The run's seed determines the tasks. */
export async function makeFamilyRun(
  registry: Registry,
  { agent: { name, config }, environment: { id, options }, seed }: RunConfig,
  watch: RunWatch,
): Promise<FamilyRun> {
  const { trainTasks: trainCount, testTasks: testCount, explorationEpisodes } = adaptationSettings(config);
  const definition = registry.taskFamily(id);
  const family = await createTaskFamily(definition, parseUnknown(definition.options, options, definition.id));
  const split = family.split({ trainCount, testCount, seed });
  const example = guardEnvironment(await family.create(split.train[0]), { ...watch, check: false });
  const { observationSpace, actionSpace } = example;
  example.close();
  const agent = await createAgent(
    registry.agent(name),
    {
      observationSpace,
      actionSpace,
      rng: Rng.fromSeed(seed).split('agent'),
      tasks: split.train.map((task) => family.descriptor(task)),
    },
    config,
  );
  if (!isMetaAgent(agent)) {
    agent.dispose();
    throw new InvalidInputError(
      'agent',
      `a task family needs an agent that learns over tasks, such as pearl, not ${name}`,
    );
  }
  return { family, split, agent, explorationEpisodes, spaces: { observationSpace, actionSpace } };
}

/** One sentence for a family whose test tasks are also train tasks; undefined if none is. */
export function sharedTasksNotice({ split }: Pick<FamilyRun, 'split'>): string | undefined {
  const shared = countSharedTasks(split);
  if (shared === 0) return undefined;
  return (
    `${shared} of the ${split.test.length} test tasks are also train tasks: evaluation on them measures adaptation, ` +
    'not generalization to held-out tasks'
  );
}
