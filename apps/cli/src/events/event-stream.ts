import { encodeJson } from '../output/json.js';
import type { CommandIo } from '../process/command-io.js';
import type { CommandEvent } from './event-schema.js';

/** Raised when an event changes so that a reader of the earlier format would misread it; new fields and types do not. */
export const EVENT_FORMAT_VERSION = 1;

/** What `--events ndjson` writes to standard output: one JSON object in each line, the last of type `end` or `error`. */
export class EventStream {
  private closed = false;

  constructor(
    private readonly io: Pick<CommandIo, 'writeOut'>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Nothing follows the last event. */
  write({ type, ...fields }: CommandEvent): void {
    if (this.closed) return;
    this.closed = type === 'end' || type === 'error';
    const event = { type, formatVersion: EVENT_FORMAT_VERSION, time: this.now().toISOString(), ...fields };
    this.io.writeOut(`${encodeJson(event)}\n`);
  }
}
