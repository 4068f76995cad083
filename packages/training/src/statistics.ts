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
