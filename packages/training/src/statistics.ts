import { type Environment, type Snapshot, splitSnapshot } from '@maxent/core';

/** Name of the part of a checkpoint that holds the training environment's running statistics. */
export const STATISTICS = 'statistics';

/**
 * Gives the running statistics of `owner`, if it keeps any, to other environments, which from then on only read them.
 */
export function shareStatistics(owner: Environment, others: readonly Environment[]): void {
  const statistics = owner.getStatistics?.();
  if (statistics === undefined) return;
  for (const other of others) other.setStatistics?.(statistics, { frozen: true });
}

/**
 * Gives an environment in which a policy is to be judged the running statistics of the environment that it was trained
 * in, frozen, from a checkpoint. Does nothing for an environment without statistics. Resets the environment where the
 * checkpoint is from before statistics were kept as a part of their own and they lie in the environment's state.
 *
 * Throws SnapshotMismatchError when the environment is built in another way.
 */
export function restoreStatistics(environment: Environment, checkpoint: Snapshot): void {
  if (environment.setStatistics === undefined) return;
  const statistics = splitSnapshot(checkpoint, STATISTICS) ?? statisticsInState(environment, checkpoint);
  if (statistics !== undefined) environment.setStatistics(statistics, { frozen: true });
}

/** Whether an environment keeps statistics that were not stored: neither as a part of their own nor in its state. */
export function statisticsLost({ getStatistics, getState }: Environment, checkpoint: Snapshot): boolean {
  if (getStatistics === undefined || getState !== undefined) return false;
  return splitSnapshot(checkpoint, STATISTICS) === undefined;
}

/** How many wrappers one may lie in to be found. */
const DEEPEST = 20;

/**
 * Whether running statistics are kept somewhere within an environment that does not pass them on, such as a wrapper of
 * somebody else's around one of ours: evaluations then start with statistics of their own. Looks at what objects hold,
 * so what lies in private fields (`#inner`) or closures is not seen.
 */
export function statisticsHidden(environment: Environment): boolean {
  return environment.getStatistics === undefined && keepsStatistics(environment, DEEPEST);
}

function keepsStatistics(environment: Environment, depth: number): boolean {
  if (typeof environment.getStatistics === 'function') return true;
  if (depth === 0) return false;
  return Object.values(Object.getOwnPropertyDescriptors(environment)).some(
    ({ value }) => isEnvironment(value) && keepsStatistics(value, depth - 1),
  );
}

function isEnvironment(value: unknown): value is Environment {
  if (typeof value !== 'object' || value === null) return false;
  const { reset, step } = value as Partial<Environment>;
  return typeof reset === 'function' && typeof step === 'function';
}

function statisticsInState(environment: Environment, checkpoint: Snapshot): Snapshot | undefined {
  const state = splitSnapshot(checkpoint, 'environment');
  if (state === undefined || environment.setState === undefined) return undefined;
  // An environment may hold nothing to set before its first reset.
  environment.reset({ seed: 0 });
  // Over a family, the state is that of the task which training was in.
  const ofTask = splitSnapshot(state, 'rotation') && splitSnapshot(state, 'environment');
  environment.setState(ofTask ?? state);
  return environment.getStatistics?.();
}
