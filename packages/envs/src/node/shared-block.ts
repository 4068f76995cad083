import type { Space } from '@maxent/core';
import type { LaneStep } from '../vector/advance.js';
import { codecFor, type ValueCodec } from '../vector/value-codec.js';

/** Positions in the control words. */
export const COMMAND = 0;
/** The environment that the worker is working on, as an index within the worker. */
export const CURRENT = 1;
/** The number of messages on the port that belong to the last command. */
export const MESSAGES = 2;
/** Fills a line of a processor's cache: a worker looks at COMMAND while the main thread writes the doubles after it. */
const CONTROL_WORDS = 16;

/** The values of COMMAND. The worker sets it back to IDLE when it starts on one. */
export const IDLE = 0;
export const RESET = 1;
export const STEP = 2;
/** The command is in a message on the port. */
export const MESSAGE = 3;
export const CLOSE = 4;

/** Replaces the number of an info's shape if the info is sent as a message. */
export const INFO_BY_MESSAGE = -1;

const TERMINATED = 1;
const TRUNCATED = 2;
const REWARD_CHANGED = 4;

type StepOutcome = Pick<
  LaneStep<unknown>,
  'reward' | 'originalReward' | 'duration' | 'terminated' | 'truncated'
>;

/** The slots of one environment, counted from its start. */
interface Layout {
  readonly action: number;
  readonly observation: number;
  readonly finalObservation: number;
  readonly reward: number;
  readonly originalReward: number;
  readonly duration: number;
  readonly flags: number;
  readonly seed: number;
  readonly info: number;
  readonly finalInfo: number;
  readonly width: number;
}

/**
 * The memory through which the main thread and one worker communicate: control words and, for each of the worker's
 * environments, its action, observations, rewards, flags and seed as doubles, and where its infos are. COMMAND and the
 * countdown of workers that have yet to answer decide who may write.
 */
export class SharedBlock {
  readonly buffer: SharedArrayBuffer;
  readonly control: Int32Array;
  private readonly slots: Float64Array;
  private readonly layout: Layout;
  private readonly actionCodec: ValueCodec<unknown>;
  private readonly observationCodec: ValueCodec<unknown>;

  /** With `buffer`, uses the block that another thread allocated for the same spaces and count. */
  constructor(
    observationSpace: Space<unknown>,
    actionSpace: Space<unknown>,
    count: number,
    buffer?: SharedArrayBuffer,
  ) {
    this.actionCodec = codecFor(actionSpace);
    this.observationCodec = codecFor(observationSpace);
    this.layout = layoutOf(this.actionCodec.width, this.observationCodec.width);
    const controlBytes = CONTROL_WORDS * Int32Array.BYTES_PER_ELEMENT;
    const slotCount = this.layout.width * count;
    this.buffer = buffer ?? new SharedArrayBuffer(controlBytes + slotCount * Float64Array.BYTES_PER_ELEMENT);
    this.control = new Int32Array(this.buffer, 0, CONTROL_WORDS);
    this.slots = new Float64Array(this.buffer, controlBytes, slotCount);
  }

  writeAction(index: number, action: unknown): void {
    this.actionCodec.write(action, this.slots, this.at(index, 'action'));
  }

  readAction(index: number): unknown {
    return this.actionCodec.read(this.slots, this.at(index, 'action'));
  }

  writeObservation(index: number, place: 'observation' | 'finalObservation', observation: unknown): void {
    this.observationCodec.write(observation, this.slots, this.at(index, place));
  }

  readObservation(index: number, place: 'observation' | 'finalObservation'): unknown {
    return this.observationCodec.read(this.slots, this.at(index, place));
  }

  writeOutcome(
    index: number,
    { reward, originalReward, duration, terminated, truncated }: StepOutcome,
  ): void {
    this.slots[this.at(index, 'reward')] = reward;
    this.slots[this.at(index, 'originalReward')] = originalReward ?? reward;
    this.slots[this.at(index, 'duration')] = duration ?? 1;
    this.slots[this.at(index, 'flags')] =
      (terminated ? TERMINATED : 0) |
      (truncated ? TRUNCATED : 0) |
      (originalReward === undefined ? 0 : REWARD_CHANGED);
  }

  readOutcome(index: number): StepOutcome {
    const flags = this.slots[this.at(index, 'flags')]!;
    const changed = (flags & REWARD_CHANGED) !== 0;
    return {
      reward: this.slots[this.at(index, 'reward')]!,
      originalReward: changed ? this.slots[this.at(index, 'originalReward')] : undefined,
      duration: this.slots[this.at(index, 'duration')],
      terminated: (flags & TERMINATED) !== 0,
      truncated: (flags & TRUNCATED) !== 0,
    };
  }

  writeSeed(index: number, seed: number | undefined): void {
    this.slots[this.at(index, 'seed')] = seed ?? -1;
  }

  readSeed(index: number): number | undefined {
    const seed = this.slots[this.at(index, 'seed')]!;
    return seed === -1 ? undefined : seed;
  }

  /** Writes the number of the shape whose memory holds the info, or INFO_BY_MESSAGE. */
  writeInfoShape(index: number, place: 'info' | 'finalInfo', shape: number): void {
    this.slots[this.at(index, place)] = shape;
  }

  readInfoShape(index: number, place: 'info' | 'finalInfo'): number {
    return this.slots[this.at(index, place)]!;
  }

  private at(index: number, place: keyof Layout): number {
    return index * this.layout.width + this.layout[place];
  }
}

/** What the main thread reads after every step lies together: fetching it from another core's cache takes time. */
function layoutOf(actionWidth: number, observationWidth: number): Layout {
  const seed = actionWidth;
  const observation = seed + 7;
  const finalObservation = observation + observationWidth;
  return {
    action: 0,
    seed,
    finalInfo: seed + 1,
    originalReward: seed + 2,
    duration: seed + 3,
    reward: seed + 4,
    flags: seed + 5,
    info: seed + 6,
    observation,
    finalObservation,
    width: finalObservation + observationWidth,
  };
}
