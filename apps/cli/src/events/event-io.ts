import { stopExitCodes } from '../errors/exit-codes.js';
import type { CommandIo, StopSignal } from '../process/command-io.js';
import type { EventStream } from './event-stream.js';

/**
 * The shell around a command that writes events: whatever ends the process at once, a signal that the command does not
 * handle or a second one, writes the last event first. Also returns a function that stops listening.
 */
export function ioWithLastEvent(
  io: CommandIo,
  events: EventStream,
): { readonly io: CommandIo; readonly release: () => void } {
  let handlers = 0;
  let latest: StopSignal | undefined;
  const exitNow = (exitCode: number): void => {
    events.write({ type: 'end', outcome: 'interrupted', ...(latest && { stoppedBy: latest }), exitCode });
    io.exitNow(exitCode);
  };
  const release = io.onInterrupt((signal) => {
    latest = signal;
    if (handlers === 0) exitNow(stopExitCodes[signal]);
  });
  const onInterrupt: CommandIo['onInterrupt'] = (listener) => {
    handlers += 1;
    const stop = io.onInterrupt(listener);
    return () => {
      handlers -= 1;
      stop();
    };
  };
  const own = {
    exitNow: { value: exitNow },
    onInterrupt: { value: onInterrupt },
    // Where events are read on the screen, a line that is overwritten would only tear them apart.
    ...(io.screen !== undefined && { terminalColumns: { value: undefined } }),
  };
  return { io: Object.create(io, own) as CommandIo, release };
}
