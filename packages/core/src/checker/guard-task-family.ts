import type { Environment, Info } from '../environment.js';
import { isMaxentError, PluginError } from '../errors.js';
import { showValue } from '../show-value.js';
import type { TaskFamily } from '../task-family.js';
import { nameOf } from './names.js';
import { requireEnvironment } from './require-made.js';
import { descriptorProblem, horizonProblem, splitProblem, taskProblem } from './task-family-sentences.js';
import { abandon, describeThrown, isPromise } from './thrown.js';

const guarded = new WeakSet<TaskFamily>();

/**
 * A family whose faults become PluginError, which names the family: whatever it throws, and splits, descriptors and
 * environments that break the contract of `TaskFamily`. Errors that maxent throws on purpose pass through.
 */
export function guardTaskFamily(family: TaskFamily): TaskFamily {
  if (guarded.has(family)) return family;
  const name = nameOf('task family', family, family.id);
  const { maxEpisodeSteps, succeeded, checkTask } = family;
  require(name, horizonProblem(maxEpisodeSteps), maxEpisodeSteps);
  const guard: TaskFamily = {
    id: family.id,
    maxEpisodeSteps,
    split(options) {
      const split = attempt(name, 'split', () => family.split(options));
      require(name, splitProblem(split, options), split);
      for (const task of [...split.train, ...split.test]) require(name, taskProblem(task), task);
      return split;
    },
    descriptor(task) {
      const descriptor = attempt(name, 'descriptor', () => family.descriptor(task));
      require(name, descriptorProblem(descriptor), descriptor);
      return descriptor;
    },
    async create(task) {
      let environment: Environment;
      try {
        environment = await family.create(task);
      } catch (thrown) {
        throw fault(name, 'create', thrown);
      }
      return requireEnvironment(`${name}, task ${showValue(task)}`, 'create', environment);
    },
    ...(checkTask !== undefined && {
      checkTask: (task: never, field: string) =>
        attempt(name, 'checkTask', () => family.checkTask!(task, field)),
    }),
    ...(succeeded !== undefined && {
      succeeded: (info: Info) => {
        const found = attempt(name, 'succeeded', () => family.succeeded!(info));
        require(name, typeof found === 'boolean'
          ? undefined
          : `succeeded returned ${showValue(found)}`, found);
        return found;
      },
    }),
  };
  guarded.add(guard);
  return guard;
}

function attempt<T>(name: string, call: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw fault(name, call, thrown);
  }
}

function fault(name: string, call: string, thrown: unknown): unknown {
  if (isMaxentError(thrown)) return thrown;
  return new PluginError(`${name}: ${call} threw ${describeThrown(thrown)}. Correct the plugin.`, {
    cause: thrown,
  });
}

function require(name: string, problem: string | undefined, found: unknown): void {
  if (problem === undefined) return;
  if (isPromise(found)) abandon(found);
  throw new PluginError(`${name}: ${problem}. Correct the plugin.`);
}
