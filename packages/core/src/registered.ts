import type * as z from 'zod';
import type { AnyAgentDefinition, AnyEnvironmentDefinition, AnyTaskFamilyDefinition } from './plugin.js';
import type { RegisteredAgents, RegisteredEnvironments, RegisteredTaskFamilies } from './registered-names.js';

/** The names of the agents in all packages that the program imports, such as `'sac'`. */
export type AgentName = keyof RegisteredAgents & string;

/** The ids of their environments, such as `'Pendulum-v1'`. */
export type EnvironmentId = keyof RegisteredEnvironments & string;

/** The ids of their task families, such as `'PointRobot-v0'`. */
export type TaskFamilyId = keyof RegisteredTaskFamilies & string;

/** The type of the definition that a name, or a definition itself, stands for. */
export type AgentDefinitionOf<Agent extends AgentName | AnyAgentDefinition> = Agent extends AgentName
  ? RegisteredAgents[Agent]
  : Agent;

/** The type of the definition that an id, or a definition itself, stands for. */
export type EnvironmentDefinitionOf<Environment extends EnvironmentId | AnyEnvironmentDefinition> =
  Environment extends EnvironmentId ? RegisteredEnvironments[Environment] : Environment;

/** The type of the definition that an id, or a definition itself, stands for. */
export type TaskFamilyDefinitionOf<Family extends TaskFamilyId | AnyTaskFamilyDefinition> =
  Family extends TaskFamilyId ? RegisteredTaskFamilies[Family] : Family;

/** The configuration that an agent's schema takes; fields with defaults may be left out. */
export type ConfigOf<Definition> = Definition extends { readonly config: infer Config extends z.ZodObject }
  ? z.input<Config>
  : never;

/** The options that an environment's or a family's schema takes; fields with defaults may be left out. */
export type OptionsOf<Definition> = Definition extends { readonly options: infer Options extends z.ZodObject }
  ? z.input<Options>
  : never;

/** The names of an agent's presets; any string if the definition's type does not say them. */
export type PresetOf<Definition> = Definition extends { readonly presets?: infer Presets }
  ? keyof NonNullable<Presets> & string
  : never;

/** What a definition's `create` makes: the agent, the environment or the family. */
export type MadeBy<Definition> = Definition extends { create(...given: never): infer Made }
  ? Awaited<Made>
  : never;
