import {
  type Agent,
  DamagedDataError,
  type Environment,
  type Evaluation,
  type JsonObject,
  joinSnapshots,
  type Metrics,
  type Snapshot,
  SnapshotMismatchError,
  splitSnapshot,
} from '@maxent/core';
import { snapshotOfValue, valueOfSnapshot } from './loop/value-snapshot.js';
import { STATISTICS } from './statistics.js';

/** Everything that the loop itself knows, as JSON. */
export interface LoopState {
  step: number;
  updates: number;
  /** Training episodes that have ended. */
  episodes: number;
  /** Return and length so far of the episode that training is in. */
  episodeReturn: number;
  /** Sum of the rewards that the agent learns from, once a wrapper changed one of them. */
  transformedReturn?: number;
  episodeLength: number;
  /** Sums over the episodes that ended since the last metrics row. */
  window: { episodes: number; returnSum: number; transformedReturnSum?: number; lengthSum: number };
  /** Metrics of the last update that took a gradient step. */
  metrics: Metrics;
  evaluations: Evaluation[];
  /** Rows given to the storage so far. */
  rows: number;
  wallSeconds: number;
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

/** Agent, environments, running statistics, loop and the observation that the next action answers, as one snapshot. */
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

/** The agent's part of a checkpoint, for `agent.load`. Throws DamagedDataError when there is none. */
export function agentSnapshot(checkpoint: Snapshot): Snapshot {
  return requirePart(checkpoint, 'agent');
}

/** Puts a checkpoint into freshly made objects, each environment already reset once. */
export function restoreCheckpoint(
  target: CheckpointSource,
  checkpoint: Snapshot,
): { loop: LoopState; observation: unknown } {
  target.agent.load(agentSnapshot(checkpoint));
  restoreEnvironment(target.environment, checkpoint, 'environment');
  restoreEnvironment(target.evaluationEnvironment, checkpoint, 'evaluationEnvironment');
  const statistics = splitSnapshot(checkpoint, STATISTICS);
  if (statistics !== undefined) target.environment.setStatistics?.(statistics);
  const loop = structuredClone(requirePart(checkpoint, 'loop').metadata) as unknown as LoopState;
  return { loop, observation: valueOfSnapshot(requirePart(checkpoint, 'observation')) };
}

function restoreEnvironment(environment: Environment | undefined, checkpoint: Snapshot, name: string): void {
  const state = splitSnapshot(checkpoint, name);
  if (state === undefined) return;
  if (environment?.setState === undefined) {
    throw new SnapshotMismatchError(`${name}: the checkpoint holds its state, but it has no setState`);
  }
  environment.setState(state);
}

function requirePart(checkpoint: Snapshot, name: string): Snapshot {
  const part = splitSnapshot(checkpoint, name);
  if (part === undefined) throw new DamagedDataError(`checkpoint: the part "${name}" is missing`);
  return part;
}
