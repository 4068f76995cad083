import type { ActionCoordinates } from '@maxent/agents';
import {
  type BoxArray,
  encodeValue,
  InvalidInputError,
  type JsonObject,
  oldestRow,
  type Rng,
  type RowColumn,
  type RowLog,
  requireOutcome,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  type Transition,
} from '@maxent/core';
import { ReplayBuffer, requireReplayMemory } from '@maxent/replay';

export interface TaskReplayOptions {
  readonly observationSpace: Space<unknown>;
  readonly coordinates: ActionCoordinates;
  readonly capacity: number;
  /** Whether a row of context holds the next observation too. */
  readonly nextObservationInContext: boolean;
  /** The entry of a step's info that a row of context holds in place of the reward; null for the reward itself. */
  readonly contextReward: string | null;
}

export type ReplayColumn =
  | 'observation'
  | 'action'
  | 'reward'
  | 'contextReward'
  | 'nextObservation'
  | 'terminated';

/** Which rows a task is inferred from: those of its last finished visit, of the visit going on, or all of them. */
export type ContextSource = 'recent' | 'visit' | 'all';

interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Numbers of one transition as an encoder reads it: observation, action, reward and perhaps the next observation. */
export function contextRowSize({
  observationSpace,
  coordinates,
  nextObservationInContext,
}: Omit<TaskReplayOptions, 'capacity' | 'contextReward'>): number {
  const observations = nextObservationInContext ? 2 : 1;
  return observations * observationSpace.flatSize + coordinates.size + 1;
}

/** Writes one transition as an encoder reads it. Throws what `TaskReplay.append` throws. */
export function writeContextRow(
  transition: Transition<unknown, BoxArray>,
  options: Omit<TaskReplayOptions, 'capacity'>,
  out: Float32Array,
): void {
  const { observationSpace, coordinates, nextObservationInContext } = options;
  const observationSize = observationSpace.flatSize;
  const afterAction = observationSize + coordinates.size;
  requireOutcome(transition);
  encodeValue(observationSpace, transition.observation, out, 'observe: observation');
  coordinates.encode(transition.action, out.subarray(observationSize, afterAction), 'observe: action');
  out[afterAction] = contextRewardOf(transition, options.contextReward);
  if (nextObservationInContext) {
    encodeValue(
      observationSpace,
      transition.nextObservation,
      out,
      'observe: nextObservation',
      afterAction + 1,
    );
  }
}

/** Throws InvalidInputError when as many replays of `options`, one for each task, are beyond what may be held. */
export function requireTaskReplayMemory(options: TaskReplayOptions, tasks: number): void {
  requireReplayMemory('replayCapacity', columnsOf(options), options.capacity, tasks);
}

function columnsOf({ observationSpace, coordinates }: TaskReplayOptions): Record<ReplayColumn, RowColumn> {
  const observation = { dataType: 'float32', width: observationSpace.flatSize } as const;
  const number = { dataType: 'float32', width: 1 } as const;
  return {
    observation,
    action: { dataType: 'float32', width: coordinates.size },
    reward: number,
    contextReward: number,
    nextObservation: observation,
    terminated: { dataType: 'uint8', width: 1 },
  };
}

/** One task's part of a snapshot. */
export interface SavedTask {
  readonly log: RowLog;
  readonly recent: RowRange;
  readonly visitFrom: number;
}

/**
 * Experience of one task: rows for the critics and, as ranges of the same rows, the context from which the task is
 * inferred. A visit to the task collects a new context, which takes the place of the one before when it is complete.
 */
export class TaskReplay {
  readonly log: ReplayBuffer<ReplayColumn>;
  private readonly row: Readonly<Record<'observation' | 'action' | 'nextObservation', Float32Array>>;
  private recent: RowRange = { from: 0, to: 0 };
  private visitFrom = 0;

  constructor(private readonly options: TaskReplayOptions) {
    const { observationSpace, coordinates, capacity } = options;
    const observationSize = observationSpace.flatSize;
    this.log = new ReplayBuffer({ columns: columnsOf(options), capacity });
    this.row = {
      observation: new Float32Array(observationSize),
      action: new Float32Array(coordinates.size),
      nextObservation: new Float32Array(observationSize),
    };
  }

  /**
   * Throws SpaceMismatchError for an observation or action that does not fit its space, InvalidInputError for a reward
   * or flag that is not one; nothing is stored then.
   */
  append(transition: Transition<unknown, BoxArray>): void {
    requireOutcome(transition);
    const { observationSpace, coordinates, contextReward } = this.options;
    const { observation, nextObservation, action } = transition;
    encodeValue(observationSpace, observation, this.row.observation, 'observe: observation');
    encodeValue(observationSpace, nextObservation, this.row.nextObservation, 'observe: nextObservation');
    coordinates.encode(action, this.row.action, 'observe: action');
    this.log.append({
      ...this.row,
      reward: transition.reward,
      contextReward: contextRewardOf(transition, contextReward),
      terminated: Number(transition.terminated),
    });
  }

  /** From now on rows belong to the context of a new visit. */
  beginVisit(): void {
    this.visitFrom = this.log.appended;
  }

  /** The context of this visit is complete: what follows is for the critics only. */
  completeContext(): void {
    if (this.log.appended > this.visitFrom) this.recent = { from: this.visitFrom, to: this.log.appended };
  }

  /** Rows that `drawContext` would draw from. */
  contextRows(source: ContextSource): number {
    const { from, to } = this.range(source);
    return to - from;
  }

  /** Fills `slots` with rows of the context, drawn uniformly and with replacement. */
  drawContext(source: ContextSource, rng: Rng, slots: Int32Array): void {
    const { from, to } = this.range(source);
    if (to === from) {
      throw new InvalidInputError('context', 'cannot draw from a task of which nothing was collected');
    }
    for (let i = 0; i < slots.length; i++) slots[i] = (from + rng.integer(to - from)) % this.log.capacity;
  }

  /** Metadata of a snapshot, whose rows are `log`. */
  save(): JsonObject {
    return { recentFrom: this.recent.from, recentTo: this.recent.to, visitFrom: this.visitFrom };
  }

  /** Takes over what `saved` holds, which is what `requireFit` gave. */
  load({ log, recent, visitFrom }: SavedTask): void {
    this.log.load(log);
    Object.assign(this, { recent, visitFrom });
  }

  /** What a snapshot has of this task. Throws SnapshotMismatchError unless it fits; changes nothing. */
  requireFit(rows: Snapshot['rows'], ranges: unknown): SavedTask {
    const { recentFrom, recentTo, visitFrom } = (ranges ?? {}) as Record<string, number>;
    const log = rows?.replay;
    const ends = [recentFrom, recentTo, visitFrom];
    const ordered = ends.every((row) => Number.isSafeInteger(row) && row! >= 0) && recentFrom! <= recentTo!;
    // A snapshot to act with has no rows, but says as much of them as one to learn on from.
    const within = log?.appended === 0 || ends.every((row) => row! <= log!.appended);
    if (log === undefined || !ordered || !within) {
      throw new SnapshotMismatchError('pearl: the snapshot has no experience of some task');
    }
    this.log.requireFit(log);
    return { log, recent: { from: recentFrom!, to: recentTo! }, visitFrom: visitFrom! };
  }

  /** Rows that the ring has overwritten meanwhile are not part of any context. */
  private range(source: ContextSource): RowRange {
    const { appended } = this.log;
    const oldest = oldestRow(this.log);
    const { from, to } =
      source === 'recent' ? this.recent : { from: source === 'visit' ? this.visitFrom : 0, to: appended };
    return { from: Math.max(from, oldest), to: Math.max(to, oldest) };
  }
}

function contextRewardOf({ reward, info }: Transition, name: string | null): number {
  if (name === null) return reward;
  const value = info?.[name];
  if (Number.isFinite(value)) return value as number;
  throw new InvalidInputError(
    'contextReward',
    `steps report no finite number "${name}"; they report ${Object.keys(info ?? {}).join(', ') || 'nothing'}`,
  );
}
