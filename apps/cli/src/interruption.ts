import type { CommandIo } from './command-io.js';
import { exitCodes } from './exit-codes.js';

/**
 * Runs `work` with a signal that the first Ctrl-C aborts, so that it can finish its step and store its state. The
 * second Ctrl-C ends the process at once.
 */
export async function interruptible<T>(io: CommandIo, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const release = io.onInterrupt(() => {
    if (controller.signal.aborted) io.exitNow(exitCodes.interrupted);
    controller.abort();
    io.writeError('\nStopping after this step and its checkpoint. Press Ctrl-C again to stop at once.\n');
  });
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
