import type * as z from 'zod';
import type { Agent } from './agent.js';
import { notePlugin } from './checker/names.js';
import type { Environment } from './environment.js';
import { PluginError, UnknownNameError } from './errors.js';
import type { Rng } from './random/rng.js';
import type { AgentName, EnvironmentId, TaskFamilyId } from './registered.js';
import type { RegisteredAgents, RegisteredEnvironments, RegisteredTaskFamilies } from './registered-names.js';
import { requireObjectSchema } from './schema.js';
import { showValue } from './show-value.js';
import type { Space } from './spaces/space.js';
import type { TaskFamily } from './task-family.js';

/** What an agent is made for. It draws all its random numbers, including initial weights, from `rng`. */
export interface AgentContext {
  // biome-ignore lint/suspicious/noExplicitAny: agents check at run time that they support the spaces.
  readonly observationSpace: Space<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly actionSpace: Space<any>;
  readonly rng: Rng;
  /** The descriptors of the train tasks, for agents that learn over a family of tasks (`MetaAgent`). */
  readonly tasks?: readonly (readonly number[])[];
}

/** An agent that can be made by name. Its schema generates the command line's help, docs and forms. */
export interface AgentDefinition<
  Config extends z.ZodObject = z.ZodObject,
  Made extends Agent = Agent,
  Name extends string = string,
  Preset extends string = string,
> {
  readonly name: Name;
  readonly description: string;
  /** Every field has a default and a `.describe()` text. */
  readonly config: Config;
  /** Named partial configurations. One named after an environment is the default for that environment. */
  readonly presets?: Readonly<Record<Preset, Partial<z.input<Config>>>>;
  /**
   * Whether the agent can learn from several environments at once: it draws exploration from a stream for each
   * environment and keeps whatever it carries between transitions for each of them (`ActOptions.environment`,
   * `Transition.environment`). False if absent.
   */
  readonly severalEnvironments?: boolean;
  /** What each of `UpdateResult.metrics` means, a sentence by its name. Reports show it beside the curve. */
  readonly metrics?: Readonly<Record<string, string>>;
  /** Throws SpaceMismatchError when the agent does not support the spaces. */
  create(context: AgentContext, config: z.output<Config>): Made | Promise<Made>;
}

/** An environment that can be made by name. */
export interface EnvironmentDefinition<
  Options extends z.ZodObject = z.ZodObject,
  Env extends Environment = Environment,
  Id extends string = string,
> {
  readonly id: Id;
  readonly description: string;
  /** Keyword options of `create`; every field has a default. */
  readonly options: Options;
  /** How many steps an episode has before the maker's time limit truncates it; null for no limit. */
  readonly maxEpisodeSteps: number | null;
  /** The environment without its time limit. */
  create(options: z.output<Options>): Env | Promise<Env>;
}

/** A family of tasks that can be made by name. */
export interface TaskFamilyDefinition<
  Options extends z.ZodObject = z.ZodObject,
  Family extends TaskFamily = TaskFamily,
  Id extends string = string,
> {
  readonly id: Id;
  readonly description: string;
  /** Keyword options of `create`; every field has a default. */
  readonly options: Options;
  create(options: z.output<Options>): Family | Promise<Family>;
}

// biome-ignore-start lint/suspicious/noExplicitAny: each definition has its own schema.
/** Any agent's definition, whatever its configuration. */
export type AnyAgentDefinition = AgentDefinition<any, Agent, string, any>;
/** Any environment's definition, whatever its options. */
export type AnyEnvironmentDefinition = EnvironmentDefinition<any>;
/** Any family's definition, whatever its options. */
export type AnyTaskFamilyDefinition = TaskFamilyDefinition<any>;
// biome-ignore-end lint/suspicious/noExplicitAny: each definition has its own schema.

/**
 * The version of the contracts that plugins are written for: `Agent`, `Environment`, `TaskFamily` and their
 * definitions. It goes up when a plugin that followed them would no longer work.
 */
export const CONTRACT_VERSION = 1;

/** Agents, environments and task families to add. The built-in ones are registered in the same way. */
export interface Plugin {
  readonly name: string;
  /** The `CONTRACT_VERSION` that the plugin was written for, as a literal number; 1 when absent. */
  readonly contractVersion?: number;
  readonly agents?: readonly AnyAgentDefinition[];
  readonly environments?: readonly AnyEnvironmentDefinition[];
  readonly taskFamilies?: readonly AnyTaskFamilyDefinition[];
}

/** Checks the types of an agent definition and returns it. */
export function defineAgent<
  Config extends z.ZodObject,
  Made extends Agent = Agent,
  Name extends string = string,
  Preset extends string = never,
>(definition: AgentDefinition<Config, Made, Name, Preset>): AgentDefinition<Config, Made, Name, Preset> {
  return definition;
}

/** Checks the types of an environment definition and returns it. */
export function defineEnvironment<
  Options extends z.ZodObject,
  Env extends Environment = Environment,
  Id extends string = string,
>(definition: EnvironmentDefinition<Options, Env, Id>): EnvironmentDefinition<Options, Env, Id> {
  return definition;
}

/** Checks the types of a task family's definition and returns it. */
export function defineTaskFamily<
  Options extends z.ZodObject,
  Family extends TaskFamily = TaskFamily,
  Id extends string = string,
>(definition: TaskFamilyDefinition<Options, Family, Id>): TaskFamilyDefinition<Options, Family, Id> {
  return definition;
}

/**
 * Checks the shape of a plugin (which may come from a JavaScript file that no compiler has checked) and returns it.
 * Throws PluginError that names what is missing, or the contract version that the plugin was written for. `checkPlugin`
 * of `@maxent/core/testing` checks more.
 */
export function definePlugin(plugin: Plugin): Plugin {
  if (typeof plugin?.name !== 'string' || plugin.name === '') {
    throw new PluginError(`a plugin needs a non-empty name, got ${showValue(plugin?.name)}`);
  }
  requireContractVersion(plugin);
  for (const list of ['agents', 'environments', 'taskFamilies'] as const) {
    if (plugin[list] !== undefined && !Array.isArray(plugin[list])) {
      throw new PluginError(`plugin "${plugin.name}": ${list} must be an array`);
    }
  }
  for (const { kind, name, definition } of contents(plugin)) {
    if (typeof name !== 'string' || name === '') {
      throw new PluginError(
        `plugin "${plugin.name}": every ${kind} needs a non-empty name, got ${showValue(name)}`,
      );
    }
    if (typeof definition.create !== 'function') {
      throw new PluginError(`plugin "${plugin.name}": ${kind} "${name}" needs a create function`);
    }
    const field = kind === 'agent' ? 'config' : 'options';
    const schema = (definition as unknown as Readonly<Record<string, unknown>>)[field];
    requireObjectSchema(schema, `plugin "${plugin.name}": ${kind} "${name}": ${field}`);
    const { severalEnvironments = false, metrics = {} } = definition as Partial<AgentDefinition>;
    if (typeof severalEnvironments !== 'boolean') {
      throw new PluginError(
        `plugin "${plugin.name}": ${kind} "${name}": severalEnvironments must be true or false, got ${showValue(severalEnvironments)}`,
      );
    }
    const unclear = Object.entries(metrics ?? {}).find(([, meaning]) => typeof meaning !== 'string');
    if (unclear !== undefined) {
      throw new PluginError(
        `plugin "${plugin.name}": ${kind} "${name}": metrics.${unclear[0]} must be a sentence, got ${showValue(unclear[1])}`,
      );
    }
    notePlugin(definition, plugin.name);
  }
  return plugin;
}

/** Checked before the contents, because another contract version may give them another shape. */
function requireContractVersion({ name, contractVersion = 1 }: Plugin): void {
  if (contractVersion === CONTRACT_VERSION) return;
  const refusal = `plugin "${name}": contractVersion`;
  if (!Number.isInteger(contractVersion) || contractVersion < 1) {
    throw new PluginError(
      `${refusal} must be a positive integer, got ${showValue(contractVersion)}; write ${CONTRACT_VERSION}, ` +
        'the contract version of this @maxent/core',
    );
  }
  const remedy =
    contractVersion > CONTRACT_VERSION
      ? 'Update maxent, or install an older version of the plugin.'
      : 'Update the plugin, or install the version of maxent that it was written for.';
  throw new PluginError(
    `${refusal} is ${contractVersion}, but this @maxent/core has contract version ${CONTRACT_VERSION}. ${remedy}`,
  );
}

/** The agents, environments and task families of a set of plugins, by name. */
export class Registry {
  private readonly registered: Plugin[] = [];
  private readonly agentsByName = new Map<string, AgentDefinition>();
  private readonly environmentsById = new Map<string, EnvironmentDefinition>();
  private readonly taskFamiliesById = new Map<string, TaskFamilyDefinition>();
  private readonly owners = new Map<string, string>();

  constructor(plugins: readonly Plugin[] = []) {
    for (const plugin of plugins) this.add(plugin);
  }

  /** Throws PluginError, adding nothing, when a name is malformed or already taken. */
  add(plugin: Plugin): void {
    definePlugin(plugin);
    const added = new Map<string, string>();
    for (const { kind, name } of contents(plugin)) {
      const key = `${kind} "${name}"`;
      const owner = this.owners.get(key) ?? added.get(key);
      if (owner !== undefined) {
        throw new PluginError(
          `plugin "${plugin.name}": ${key} is already registered by plugin "${owner}". Rename one of the two.`,
        );
      }
      added.set(key, plugin.name);
    }
    for (const [key, owner] of added) this.owners.set(key, owner);
    for (const agent of plugin.agents ?? []) this.agentsByName.set(agent.name, agent);
    for (const environment of plugin.environments ?? [])
      this.environmentsById.set(environment.id, environment);
    for (const family of plugin.taskFamilies ?? []) this.taskFamiliesById.set(family.id, family);
    this.registered.push(plugin);
  }

  get plugins(): readonly Plugin[] {
    return this.registered;
  }

  get agents(): readonly AgentDefinition[] {
    return [...this.agentsByName.values()];
  }

  get environments(): readonly EnvironmentDefinition[] {
    return [...this.environmentsById.values()];
  }

  get taskFamilies(): readonly TaskFamilyDefinition[] {
    return [...this.taskFamiliesById.values()];
  }

  /** Throws UnknownNameError with the nearest registered names. */
  agent<Name extends AgentName>(name: Name): RegisteredAgents[Name];
  agent(name: string): AgentDefinition;
  agent(name: string): AgentDefinition {
    return find('agent', name, this.agentsByName);
  }

  /** Throws UnknownNameError with the nearest registered ids. */
  environment<Id extends EnvironmentId>(id: Id): RegisteredEnvironments[Id];
  environment(id: string): EnvironmentDefinition;
  environment(id: string): EnvironmentDefinition {
    return find('environment', id, this.environmentsById);
  }

  /** Throws UnknownNameError with the nearest registered ids. */
  taskFamily<Id extends TaskFamilyId>(id: Id): RegisteredTaskFamilies[Id];
  taskFamily(id: string): TaskFamilyDefinition;
  taskFamily(id: string): TaskFamilyDefinition {
    return find('task family', id, this.taskFamiliesById);
  }
}

interface Content {
  readonly kind: string;
  readonly name: string;
  readonly definition: AgentDefinition | EnvironmentDefinition | TaskFamilyDefinition;
}

function contents(plugin: Plugin): Content[] {
  return [
    ...(plugin.agents ?? []).map((definition) => ({ kind: 'agent', name: definition.name, definition })),
    ...(plugin.environments ?? []).map((definition) => ({
      kind: 'environment',
      name: definition.id,
      definition,
    })),
    ...(plugin.taskFamilies ?? []).map((definition) => ({
      kind: 'task family',
      name: definition.id,
      definition,
    })),
  ];
}

function find<T>(kind: string, name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  if (found === undefined) throw new UnknownNameError(kind, name, [...known.keys()]);
  return found;
}
