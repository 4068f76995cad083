import {
  type Agent,
  DamagedDataError,
  type Environment,
  type Evaluation,
  InvalidInputError,
  isMaxentError,
  isRecord,
  joinSnapshots,
  type Metrics,
  type Snapshot,
  SnapshotMismatchError,
  splitSnapshot,
  withoutRows,
} from '@maxent/core';
import type { Arithmetic } from './arithmetic.js';
import {
  describeFound,
  type FoundNumber,
  firstNonFinite,
  firstNonFiniteIn,
} from './checkpoint-finiteness.js';
import { type EpisodeAccount, newAccount } from './loop/episode-account.js';
import { parseLoopState, storedLoopState } from './loop/loop-state-schema.js';
import type { RunEnvironments } from './loop/run-environments.js';
import { snapshotOfValue, valueOfSnapshot } from './loop/value-snapshot.js';
import type { StoredCheckpoint } from './run-storage.js';
import { STATISTICS } from './statistics.js';

/** The loop's own state, as JSON. */
export interface LoopState {
  step: number;
  updates: number;
  /** The training episodes of each environment. */
  accounts: EpisodeAccount[];
  /** Sums over the episodes that ended since the last metrics row. */
  window: { episodes: number; returnSum: number; transformedReturnSum?: number; lengthSum: number };
  /** Metrics of the last update that took a gradient step. */
  metrics: Metrics;
  evaluations: Evaluation[];
  /** Number of rows given to the storage so far. */
  rows: number;
  wallSeconds: number;
  /** The kernels that computed up to here; absent if unknown. */
  arithmetic?: Arithmetic;
}

export function initialLoopState(environments: number): LoopState {
  return {
    step: 0,
    updates: 0,
    accounts: Array.from({ length: environments }, newAccount),
    window: { episodes: 0, returnSum: 0, lengthSum: 0 },
    metrics: {},
    evaluations: [],
    rows: 0,
    wallSeconds: 0,
  };
}

export interface CheckpointSource {
  readonly agent: Agent;
  readonly environments: RunEnvironments;
  readonly evaluationEnvironment?: Environment;
}

/** Agent, environments, running statistics, loop and the current observations, as one snapshot. */
export async function makeCheckpoint(source: CheckpointSource, loop: LoopState): Promise<Snapshot> {
  const { observations } = source.environments;
  const environment = await source.environments.getState?.();
  const evaluationEnvironment = source.evaluationEnvironment?.getState?.();
  const statistics = source.environments.getStatistics?.();
  return joinSnapshots({
    agent: source.agent.save(),
    ...(environment && { environment }),
    ...(evaluationEnvironment && { evaluationEnvironment }),
    ...(statistics && { [STATISTICS]: statistics }),
    loop: { arrays: {}, metadata: storedLoopState(loop) },
    // Of a single environment, or by environment.
    observation: snapshotOfValue(
      observations.length === 1 ? observations[0] : Object.fromEntries(observations.entries()),
    ),
  });
}

/** The agent's part of a checkpoint. Throws DamagedDataError if there is none. */
export function agentSnapshot(checkpoint: Snapshot): Snapshot {
  return requirePart(checkpoint, 'agent');
}

/**
 * Loads the agent's part of a checkpoint into an agent. Throws DamagedDataError if there is none, and
 * SnapshotMismatchError if it does not fit the agent.
 */
export function loadAgent(agent: Pick<Agent, 'load'>, checkpoint: Snapshot): void {
  try {
    agent.load(agentSnapshot(checkpoint));
  } catch (error) {
    throw told('the agent', error);
  }
}

/**
 * The parts of a checkpoint that acting needs: without experience, loop state or an environment in the middle of an
 * episode.
 */
export function makeActingCheckpoint({
  agent,
  environments,
}: Pick<CheckpointSource, 'agent' | 'environments'>): Snapshot {
  const statistics = environments.getStatistics?.();
  return withoutRows(joinSnapshots({ agent: agent.save(), ...(statistics && { [STATISTICS]: statistics }) }));
}

/** Throws DamagedDataError unless the checkpoint holds an agent and only finite numbers. */
export function assertActing({ snapshot }: Pick<StoredCheckpoint, 'snapshot'>): void {
  for (const part of Object.keys(snapshot.metadata)) requirePart(snapshot, part);
  agentSnapshot(snapshot);
  requireNone(firstNonFinite(snapshot));
}

/** Throws DamagedDataError, which names the number, if a stored snapshot of a policy or agent is not finite. */
export function assertFiniteSnapshot(snapshot: Snapshot): void {
  requireNone(firstNonFiniteIn(snapshot));
}

function requireNone(found: FoundNumber | undefined): void {
  if (found !== undefined) throw new DamagedDataError(`${describeFound(found)}: learning had diverged`);
}

/**
 * Throws DamagedDataError unless the checkpoint has every part that a run needs to go on, a loop state at the
 * checkpoint's step, and observations in the environments' space. Throws InvalidInputError if the run was started with
 * another number of environments.
 */
export function assertResumable(
  { environments }: Pick<CheckpointSource, 'environments'>,
  { step, snapshot }: Pick<StoredCheckpoint, 'step' | 'snapshot'>,
): void {
  assertActing({ snapshot });
  const loop = parseLoopState(requirePart(snapshot, 'loop').metadata);
  if (loop.step !== step) {
    throw new DamagedDataError(`checkpoint: loop.step: expected ${step}, got ${loop.step}`);
  }
  const { count, observationSpace } = environments;
  const started = loop.accounts.length;
  if (started !== count) {
    throw new InvalidInputError(
      'environment',
      `the run was started in ${countOf(started)} and cannot be resumed in ${countOf(count)}; use the same number`,
    );
  }
  for (const observation of storedObservations(snapshot, count)) {
    if (observationSpace.contains(observation)) continue;
    throw new DamagedDataError("checkpoint: the observation is not in the environment's observation space");
  }
}

function countOf(environments: number): string {
  return environments === 1 ? 'one environment' : `${environments} environments`;
}

function storedObservations(checkpoint: Snapshot, count: number): unknown[] {
  const value = valueOfSnapshot(requirePart(checkpoint, 'observation'));
  if (count === 1) return [value];
  return Array.from({ length: count }, (_, i) => (isRecord(value) ? value[i] : undefined));
}

/**
 * Loads a checkpoint that `assertResumable` accepts into freshly created objects; each environment has already been
 * reset once.
 */
export async function restoreCheckpoint(
  target: CheckpointSource,
  checkpoint: Snapshot,
): Promise<{ loop: LoopState; observations: readonly unknown[] }> {
  loadAgent(target.agent, checkpoint);
  await restoreEnvironment(target.environments, checkpoint, 'environment');
  await restoreEnvironment(target.evaluationEnvironment, checkpoint, 'evaluationEnvironment');
  const statistics = splitSnapshot(checkpoint, STATISTICS);
  if (statistics !== undefined) {
    await loading(STATISTICS, () => target.environments.setStatistics?.(statistics));
  }
  const loop = parseLoopState(requirePart(checkpoint, 'loop').metadata);
  return { loop, observations: storedObservations(checkpoint, target.environments.count) };
}

async function restoreEnvironment(
  environment: Pick<RunEnvironments, 'setState'> | undefined,
  checkpoint: Snapshot,
  name: string,
): Promise<void> {
  const state = splitSnapshot(checkpoint, name);
  if (state === undefined) return;
  if (environment?.setState === undefined) {
    throw new SnapshotMismatchError(`${name}: the checkpoint holds its state, but it has no setState`);
  }
  await loading(name, () => environment.setState?.(state));
}

/** Codes of errors that already say what is wrong with a snapshot. */
const TOLD = ['SNAPSHOT_MISMATCH', 'DAMAGED_DATA', 'STORAGE'];

/**
 * The error to report when a part cannot be loaded. A snapshot with intact checksums can still hold values that its
 * reader cannot use; the error then comes from the place that first uses them.
 */
function told(name: string, error: unknown): unknown {
  if (isMaxentError(error) && TOLD.includes(error.code)) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return new SnapshotMismatchError(
    `${name} cannot take over its part of the checkpoint (${problem}): the checkpoint was made by another version of ` +
      'it, or was altered',
    { cause: error },
  );
}

async function loading(name: string, load: () => void | Promise<void>): Promise<void> {
  try {
    await load();
  } catch (error) {
    throw told(name, error);
  }
}

function requirePart(checkpoint: Snapshot, name: string): Snapshot {
  try {
    const part = splitSnapshot(checkpoint, name);
    if (part !== undefined) return part;
  } catch (cause) {
    throw new DamagedDataError(`checkpoint: the part "${name}" is not a snapshot`, { cause });
  }
  throw new DamagedDataError(`checkpoint: the part "${name}" is missing`);
}
