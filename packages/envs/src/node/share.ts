import type { Info, Snapshot, Space } from '@maxent/core';
import type { LaneStep } from '../vector/advance.js';
import type { Request } from './protocol.js';

/** An error that an environment threw, or that ended its thread. */
export class ShareFault {
  constructor(
    readonly share: Share,
    /** The environment's index within the share. */
    readonly index: number,
    readonly cause: unknown,
  ) {}
}

/**
 * The environments of one thread, as the vector sees them. Write what a command needs, start it with `begin` or
 * `request`, and once the thread has carried it out, call `finish` and read the results.
 */
export interface Share {
  readonly count: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** Whether every environment has getState and setState. */
  readonly stateful: boolean;
  /** Whether any environment has getStatistics. */
  readonly keepsStatistics: boolean;
  writeSeed(index: number, seed: number | undefined): void;
  writeAction(index: number, action: unknown): void;
  /** Starts RESET or STEP. */
  begin(command: number): void;
  request(request: Request): void;
  /** Throws ShareFault if the thread has ended. */
  requireAlive(): void;
  /** Throws ShareFault if an environment threw. */
  finish(): void;
  /** One environment's result of the last RESET. */
  readReset(index: number): { readonly observation: unknown; readonly info: Info };
  /** One environment's result of the last STEP. */
  readStep(index: number): LaneStep<unknown>;
  /** The answer to the last request for states. */
  readStates(): readonly Snapshot[];
  /** Closes the environments and ends the thread. */
  close(): Promise<void>;
}
