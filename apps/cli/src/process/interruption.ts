import { stopExitCodes } from '../errors/exit-codes.js';
import type { CommandIo, StopSignal } from './command-io.js';

/**
 * One Ctrl-C may arrive twice, because npm and pnpm pass on what the terminal sends to every process; so may the signal
 * of `timeout`. Signals within this time count once.
 */
const SAME_REQUEST_MILLISECONDS = 200;

export interface Interrupted<T> {
  readonly result: T;
  /** The signal that asked to stop, if any. */
  readonly stopSignal: StopSignal | undefined;
}

/**
 * Runs `work` with a signal that is aborted when the process is asked to stop, so that it can finish its step and store
 * its state. On a second request the process ends at once. A closed terminal hangs up more than once, so a repeated
 * SIGHUP never counts as a second request.
 */
export async function interruptible<T>(
  io: CommandIo,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Interrupted<T>> {
  const controller = new AbortController();
  let stopSignal: StopSignal | undefined;
  let timer: NodeJS.Timeout | undefined;
  let endsAtOnce = false;
  const release = io.onInterrupt((signal) => {
    if (stopSignal !== undefined) {
      if (endsAtOnce && signal !== 'SIGHUP') io.exitNow(stopExitCodes[signal]);
      return;
    }
    stopSignal = signal;
    controller.abort();
    io.writeError('\nStopping after this step and its checkpoint.\n');
    timer = setTimeout(() => {
      endsAtOnce = true;
      io.writeError(`${signal === 'SIGINT' ? 'Press Ctrl-C' : 'Send the signal'} again to stop at once.\n`);
    }, SAME_REQUEST_MILLISECONDS);
  });
  try {
    const result = await work(controller.signal);
    return { result, stopSignal };
  } finally {
    clearTimeout(timer);
    release();
  }
}
