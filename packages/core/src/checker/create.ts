import type * as z from 'zod';
import type { Agent } from '../agent.js';
import type { Environment } from '../environment.js';
import { isMaxentError, PluginError } from '../errors.js';
import type {
  AgentContext,
  AgentDefinition,
  EnvironmentDefinition,
  TaskFamilyDefinition,
} from '../plugin.js';
import type { TaskFamily, TaskFamilyLike } from '../task-family.js';
import { agentProblem } from './agent-sentences.js';
import { guardTaskFamily } from './guard-task-family.js';
import { nameOfDefinition, noteName } from './names.js';
import { requireEnvironment, requireMade } from './require-made.js';
import { taskFamilyProblem } from './task-family-sentences.js';
import { describeThrown } from './thrown.js';

const pending = new Set<string>();

/** The `create` calls that have not settled yet: if the program hangs on a promise, it is one of these. */
export function pendingCreations(): readonly string[] {
  return [...pending];
}

/**
 * The environment that a definition makes with options that were parsed by its schema. Throws PluginError if the
 * definition throws or makes something else, and EnvironmentFaultError if its spaces are not spaces; errors that maxent
 * throws on purpose pass through. Errors name the plugin.
 */
export async function createEnvironment<Options extends z.ZodObject, Env extends Environment = Environment>(
  definition: EnvironmentDefinition<Options, Env>,
  options: z.output<Options>,
): Promise<Env> {
  const name = nameOfDefinition('environment', definition, definition.id);
  return requireEnvironment(name, 'create', await made<Env>(name, () => definition.create(options)));
}

/** As `createEnvironment`, for an agent. */
export async function createAgent<Config extends z.ZodObject, Made extends Agent = Agent>(
  definition: AgentDefinition<Config, Made>,
  context: AgentContext,
  config: z.output<Config>,
): Promise<Made> {
  const name = nameOfDefinition('agent', definition, definition.name);
  const agent = await made(name, () => definition.create(context, config));
  requireMade(name, 'create', agentProblem(agent));
  noteName(agent, name);
  return agent;
}

/** As `createEnvironment`, for a task family, whose results are then checked too: see `guardTaskFamily`. */
export async function createTaskFamily<Options extends z.ZodObject, Family extends TaskFamily = TaskFamily>(
  definition: TaskFamilyDefinition<Options, Family>,
  options: z.output<Options>,
): Promise<TaskFamilyLike<Family>> {
  const name = nameOfDefinition('task family', definition, definition.id);
  const family = await made(name, () => definition.create(options));
  requireMade(name, 'create', taskFamilyProblem(family));
  noteName(family, name);
  return guardTaskFamily(family) as TaskFamilyLike<Family>;
}

async function made<T>(name: string, create: () => T | Promise<T>): Promise<T> {
  const creation = `create of ${name}`;
  pending.add(creation);
  try {
    return await create();
  } catch (thrown) {
    if (isMaxentError(thrown)) throw thrown;
    throw new PluginError(`${name}: create threw ${describeThrown(thrown)}. Correct the plugin.`, {
      cause: thrown,
    });
  } finally {
    pending.delete(creation);
  }
}
