import {
  type Agent,
  DamagedDataError,
  type Environment,
  type Evaluation,
  isMaxentError,
  type JsonObject,
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
import { parseLoopState } from './loop/loop-state-schema.js';
import { snapshotOfValue, valueOfSnapshot } from './loop/value-snapshot.js';
import type { StoredCheckpoint } from './run-storage.js';
import { STATISTICS } from './statistics.js';

/** The loop's own state, as JSON. */
export interface LoopState {
  step: number;
  updates: number;
  /** Training episodes that have ended. */
  episodes: number;
  /** Return and length so far of the current training episode. */
  episodeReturn: number;
  /** Sum of the rewards that the agent learns from, once a wrapper has changed one of them. */
  transformedReturn?: number;
  episodeLength: number;
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

export function initialLoopState(): LoopState {
  return {
    step: 0,
    updates: 0,
    episodes: 0,
    episodeReturn: 0,
    episodeLength: 0,
    window: { episodes: 0, returnSum: 0, lengthSum: 0 },
    metrics: {},
    evaluations: [],
    rows: 0,
    wallSeconds: 0,
  };
}

export interface CheckpointSource {
  readonly agent: Agent;
  readonly environment: Environment;
  readonly evaluationEnvironment?: Environment;
}

/** Agent, environments, running statistics, loop and the current observation, as one snapshot. */
export function makeCheckpoint(source: CheckpointSource, loop: LoopState, observation: unknown): Snapshot {
  const environment = source.environment.getState?.();
  const evaluationEnvironment = source.evaluationEnvironment?.getState?.();
  const statistics = source.environment.getStatistics?.();
  return joinSnapshots({
    agent: source.agent.save(),
    ...(environment && { environment }),
    ...(evaluationEnvironment && { evaluationEnvironment }),
    ...(statistics && { [STATISTICS]: statistics }),
    loop: { arrays: {}, metadata: structuredClone(loop) as unknown as JsonObject },
    observation: snapshotOfValue(observation),
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
  loading('the agent', () => agent.load(agentSnapshot(checkpoint)));
}

/**
 * The parts of a checkpoint that acting needs: without experience, loop state or an environment in the middle of an
 * episode.
 */
export function makeActingCheckpoint({
  agent,
  environment,
}: Pick<CheckpointSource, 'agent' | 'environment'>): Snapshot {
  const statistics = environment.getStatistics?.();
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
 * checkpoint's step, and an observation in the environment's space.
 */
export function assertResumable(
  { environment }: Pick<CheckpointSource, 'environment'>,
  { step, snapshot }: Pick<StoredCheckpoint, 'step' | 'snapshot'>,
): void {
  assertActing({ snapshot });
  const loop = parseLoopState(requirePart(snapshot, 'loop').metadata);
  if (loop.step !== step) {
    throw new DamagedDataError(`checkpoint: loop.step: expected ${step}, got ${loop.step}`);
  }
  const observation = valueOfSnapshot(requirePart(snapshot, 'observation'));
  if (!environment.observationSpace.contains(observation)) {
    throw new DamagedDataError("checkpoint: the observation is not in the environment's observation space");
  }
}

/**
 * Loads a checkpoint that `assertResumable` accepts into freshly created objects; each environment has already been
 * reset once.
 */
export function restoreCheckpoint(
  target: CheckpointSource,
  checkpoint: Snapshot,
): { loop: LoopState; observation: unknown } {
  loadAgent(target.agent, checkpoint);
  restoreEnvironment(target.environment, checkpoint, 'environment');
  restoreEnvironment(target.evaluationEnvironment, checkpoint, 'evaluationEnvironment');
  const statistics = splitSnapshot(checkpoint, STATISTICS);
  if (statistics !== undefined) {
    loading(STATISTICS, () => target.environment.setStatistics?.(statistics));
  }
  const loop = parseLoopState(requirePart(checkpoint, 'loop').metadata);
  return { loop, observation: valueOfSnapshot(requirePart(checkpoint, 'observation')) };
}

function restoreEnvironment(environment: Environment | undefined, checkpoint: Snapshot, name: string): void {
  const state = splitSnapshot(checkpoint, name);
  if (state === undefined) return;
  if (environment?.setState === undefined) {
    throw new SnapshotMismatchError(`${name}: the checkpoint holds its state, but it has no setState`);
  }
  loading(name, () => environment.setState?.(state));
}

/** Codes of errors that already say what is wrong with a snapshot. */
const TOLD = ['SNAPSHOT_MISMATCH', 'DAMAGED_DATA', 'STORAGE'];

/**
 * A snapshot with intact checksums can still hold values that its reader cannot use; the error then comes from the
 * place that first uses them.
 */
function loading(name: string, load: () => void): void {
  try {
    load();
  } catch (error) {
    if (isMaxentError(error) && TOLD.includes(error.code)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new SnapshotMismatchError(
      `${name} cannot take over its part of the checkpoint (${problem}): the checkpoint was made by another version of ` +
        'it, or was altered',
      { cause: error },
    );
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
