import { type Environment, type Snapshot, splitSnapshot } from '@maxent/core';
import type { RunEnvironments } from './loop/run-environments.js';

/** Name of the part of a checkpoint that holds the training environment's running statistics. */
export const STATISTICS = 'statistics';

/**
 * Shares the running statistics of `owner`, if it keeps any, with other environments, which only read them from then
 * on.
 */
export function shareStatistics(
  owner: Pick<Environment, 'getStatistics'>,
  others: readonly Environment[],
): void {
  const statistics = owner.getStatistics?.();
  if (statistics === undefined) return;
  for (const other of others) other.setStatistics?.(statistics, { frozen: true });
}

/**
 * Loads the running statistics of the training environment from a checkpoint into an environment for evaluation, and
 * freezes them. Does nothing for an environment without statistics. Resets the environment if the checkpoint is older
 * than the separate part for statistics and holds them in the environment's state.
 *
 * Throws SnapshotMismatchError if the environment is built differently.
 */
export function restoreStatistics(environment: Environment, checkpoint: Snapshot): void {
  if (environment.setStatistics === undefined) return;
  const statistics = splitSnapshot(checkpoint, STATISTICS) ?? statisticsInState(environment, checkpoint);
  if (statistics !== undefined) environment.setStatistics(statistics, { frozen: true });
}

/** Whether an environment keeps statistics that were stored neither as a separate part nor in its state. */
export function statisticsLost(
  { getStatistics, getState }: Pick<RunEnvironments, 'getStatistics' | 'getState'>,
  checkpoint: Snapshot,
): boolean {
  if (getStatistics === undefined || getState !== undefined) return false;
  return splitSnapshot(checkpoint, STATISTICS) === undefined;
}

/** How many wrappers deep to search. */
const DEEPEST = 20;

/**
 * Whether an environment hides running statistics inside it without passing them on, such as a third-party wrapper
 * around one of ours: evaluations then start with statistics of their own. It searches the properties of objects, so it
 * cannot see private fields (`#inner`) or closures.
 */
export function statisticsHidden(environment: Pick<Environment, 'getStatistics'>): boolean {
  return environment.getStatistics === undefined && keepsStatistics(environment, DEEPEST);
}

function keepsStatistics(environment: Pick<Environment, 'getStatistics'>, depth: number): boolean {
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
  // Over a family, the state belongs to the task that training was in.
  const ofTask = splitSnapshot(state, 'rotation') && splitSnapshot(state, 'environment');
  environment.setState(ofTask ?? state);
  return environment.getStatistics?.();
}
