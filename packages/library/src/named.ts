import type {
  ActionOf,
  AgentName,
  AnyAgentDefinition,
  AnyEnvironmentDefinition,
  AnyTaskFamilyDefinition,
  Environment,
  EnvironmentDefinitionOf,
  EnvironmentId,
  FormOf,
  MadeBy,
  ObservationOf,
  TaskFamily,
  TaskFamilyDefinitionOf,
  TaskFamilyId,
} from '@maxent/core';

// The built-in names, for the compiler; the packages themselves are loaded when a name is used. These are not imports
// because declarations would drop an import of nothing.
export type {} from '@maxent/agents';
export type {} from '@maxent/envs';
export type {} from '@maxent/hierarchy';
export type {} from '@maxent/meta';
export type {} from '@maxent/mujoco';

/** An agent by name or as a definition. */
export type NamedAgent = AgentName | AnyAgentDefinition;

/** What an agent learns in, by name or as a definition: an environment or a task family. */
export type NamedWorld = EnvironmentId | TaskFamilyId | AnyEnvironmentDefinition | AnyTaskFamilyDefinition;

/** The type of the definition that a name, or a definition itself, stands for. */
export type WorldDefinitionOf<World extends NamedWorld> = World extends
  | EnvironmentId
  | AnyEnvironmentDefinition
  ? EnvironmentDefinitionOf<World>
  : World extends TaskFamilyId | AnyTaskFamilyDefinition
    ? TaskFamilyDefinitionOf<World>
    : never;

/** The input of a policy: an observation, in any form that its space accepts. */
export type SeenIn<World extends NamedWorld> = FormOf<InWorld<World>['observation']>;

/** The output of a policy: an action. */
export type DoneIn<World extends NamedWorld> = InWorld<World>['action'];

type InWorld<World extends NamedWorld> =
  MadeBy<WorldDefinitionOf<World>> extends infer Made
    ? Made extends Environment
      ? { observation: ObservationOf<Made>; action: ActionOf<Made> }
      : Made extends TaskFamily<infer _Task, infer Observation, infer Action>
        ? { observation: Observation; action: Action }
        : never
    : never;
