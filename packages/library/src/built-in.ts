import {
  type AgentDefinition,
  type EnvironmentDefinition,
  type Plugin,
  Registry,
  type TaskFamilyDefinition,
  UnknownNameError,
} from '@maxent/core';

interface BuiltIn {
  readonly name: string;
  readonly agents?: readonly string[];
  readonly environments?: readonly string[];
  readonly taskFamilies?: readonly string[];
  readonly load: () => Promise<Plugin>;
}

/** The names that each package provides, so that a package is loaded only when one of its names is used. */
const packages: readonly BuiltIn[] = [
  {
    name: '@maxent/agents',
    agents: [
      'sac',
      'crossq',
      'sql',
      'meow',
      'q-learning',
      'soft-q-learning',
      'dqn',
      'soft-dqn',
      'discrete-sac',
    ],
    load: async () => (await import('@maxent/agents')).agentsPlugin,
  },
  {
    name: '@maxent/hierarchy',
    agents: ['lsp'],
    load: async () => (await import('@maxent/hierarchy')).hierarchyPlugin,
  },
  {
    name: '@maxent/meta',
    agents: ['pearl'],
    load: async () => (await import('@maxent/meta')).metaPlugin,
  },
  {
    name: '@maxent/envs',
    environments: [
      'Pendulum-v1',
      'CartPole-v1',
      'MountainCar-v0',
      'MountainCarContinuous-v0',
      'Acrobot-v1',
      'MultiGoal-v0',
      'LinearQuadratic-v0',
      'PointMaze-v0',
      'PointMultiDirection-v0',
      'FrozenLake-v1',
      'FrozenLake8x8-v1',
      'CliffWalking-v1',
      'CliffWalkingSlippery-v1',
      'Taxi-v4',
      'GridWorld-v0',
      'Lottery-v0',
      'Chain-v0',
    ],
    taskFamilies: ['PointRobot', 'SparsePointRobot', 'MiniNavi', 'BernoulliBandit', 'NoisyLine'],
    load: async () => (await import('@maxent/envs')).envsPlugin,
  },
  {
    name: '@maxent/mujoco',
    environments: [
      'InvertedPendulum-v5',
      'InvertedDoublePendulum-v5',
      'Reacher-v5',
      'Pusher-v5',
      'Swimmer-v5',
      'Hopper-v5',
      'Walker2d-v5',
      'HalfCheetah-v5',
      'Ant-v5',
      'Humanoid-v5',
      'SwimmerMultiDirection-v0',
      'AntMultiDirection-v0',
      'HumanoidMultiDirection-v0',
      'SwimmerRandomGoal-v0',
      'AntRandomGoal-v0',
      'HumanoidRandomGoal-v0',
      'AntMaze-v0',
    ],
    taskFamilies: [
      'HalfCheetah-Vel',
      'HalfCheetah-Dir',
      'Ant-Dir',
      'Ant-Goal',
      'Humanoid-Dir',
      'Walker2d-Params',
      'Hopper-Params',
    ],
    load: async () => (await import('@maxent/mujoco')).mujocoPlugin,
  },
];

/** Every plugin that comes with maxent. */
export function builtInPlugins(): Promise<Plugin[]> {
  return Promise.all(packages.map(({ load }) => load()));
}

/** The built-in agent of a name. Throws UnknownNameError with the nearest ones. */
export async function builtInAgent(name: string): Promise<AgentDefinition> {
  const { load } = find('agent', name, ({ agents = [] }) => agents);
  return (await load()).agents!.find((agent) => agent.name === name)!;
}

/** The built-in environment or task family of an id. Throws UnknownNameError with the nearest ones. */
export async function builtInWorld(id: string): Promise<EnvironmentDefinition | TaskFamilyDefinition> {
  const { load } = find('environment', id, ({ environments = [], taskFamilies = [] }) => [
    ...environments,
    ...taskFamilies,
  ]);
  const { environments = [], taskFamilies = [] } = await load();
  return [...environments, ...taskFamilies].find((world) => world.id === id)!;
}

/** The package that provides a built-in environment; undefined for any other definition, whatever its id. */
export async function packageOf(definition: EnvironmentDefinition): Promise<string | undefined> {
  const from = packages.find(({ environments = [] }) => environments.includes(definition.id));
  const { environments = [] } = (await from?.load()) ?? {};
  return environments.includes(definition) ? from?.name : undefined;
}

/** A registry of one agent and one environment or task family. Throws PluginError for a malformed definition. */
export function registryOf(
  agent: AgentDefinition,
  world: EnvironmentDefinition | TaskFamilyDefinition,
): Registry {
  const worlds = isTaskFamily(world) ? { taskFamilies: [world] } : { environments: [world] };
  return new Registry([{ name: 'given', agents: [agent], ...worlds }]);
}

export function isTaskFamily(
  world: EnvironmentDefinition | TaskFamilyDefinition,
): world is TaskFamilyDefinition {
  return !('maxEpisodeSteps' in world);
}

function find(kind: string, name: string, namesOf: (from: BuiltIn) => readonly string[]): BuiltIn {
  const found = packages.find((from) => namesOf(from).includes(name));
  if (found === undefined) throw new UnknownNameError(kind, name, packages.flatMap(namesOf));
  return found;
}
