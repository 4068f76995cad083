import type { StopSignal } from '../process/command-io.js';

/** What the process returns to its caller; part of the machine interface. */
export const exitCodes = {
  success: 0,
  /** Something went wrong while running. */
  failure: 1,
  /** The command line or a file it names is not usable. */
  usage: 2,
} as const;

/** Stopped by a signal, after the checkpoint: 128 plus the signal's number, as in shells. */
export const stopExitCodes: Readonly<Record<StopSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
