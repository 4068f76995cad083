import { type EnvironmentDefinition, UnknownNameError } from '@maxent/core';
import { envsPlugin } from '@maxent/envs';
import { mujocoPlugin } from '@maxent/mujoco';

/** Gymnasium's MuJoCo tasks, by their ids there and here. */
export const mujocoTasks = [
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
] as const;

/** One task of each other kind: discrete actions, continuous ones, a table. */
export const otherTasks = ['CartPole-v1', 'Pendulum-v1', 'FrozenLake-v1'] as const;

export interface Task {
  readonly definition: EnvironmentDefinition;
  /** The package with the plugin that provides it. */
  readonly module: string;
}

export function findTask(id: string): Task {
  const tasks = [mujocoPlugin, envsPlugin].flatMap(({ name: module, environments = [] }) =>
    environments.map((definition): Task => ({ definition, module })),
  );
  const task = tasks.find(({ definition }) => definition.id === id);
  if (task !== undefined) return task;
  throw new UnknownNameError(
    'environment',
    id,
    tasks.map(({ definition }) => definition.id),
  );
}
