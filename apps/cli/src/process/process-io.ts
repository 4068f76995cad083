import { closeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { isatty, type WriteStream } from 'node:tty';
import type { CommandIo, StopSignal } from './command-io.js';

const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The shell around this process. */
export const processIo: CommandIo = {
  writeOut: (message) => write(process.stdout, message),
  writeError: (message) => write(process.stderr, message),
  readInput: () => text(process.stdin),
  workingDirectory: process.cwd(),
  get terminalColumns() {
    // A dumb terminal cannot overwrite a line.
    return process.stderr.isTTY && process.env.TERM !== 'dumb' ? columnsOf(process.stderr) : undefined;
  },
  get screen() {
    const { stdout } = process;
    return stdout.isTTY ? { columns: columnsOf(stdout), colors: stdout.hasColors(256) } : undefined;
  },
  onInterrupt: (listener) => {
    for (const signal of stopSignals) process.on(signal, listener);
    return () => {
      for (const signal of stopSignals) process.off(signal, listener);
    };
  },
  exitNow: (exitCode) => process.exit(exitCode),
};

/** Some terminals, such as in containers, report zero columns. */
export function columnsOf({ columns }: Pick<WriteStream, 'columns'>): number {
  return columns > 0 ? columns : 80;
}

/**
 * Why standard output did not take everything that was written to it, such as a full disk, once that is known.
 * Undefined if it did, or if the reader has seen enough (`maxent list agents | head -1`).
 */
export async function lostOutput(): Promise<string | undefined> {
  await Promise.all(pending);
  return failures.get(process.stdout);
}

const failures = new Map<NodeJS.WriteStream, string>();
const pending = new Set<Promise<void>>();

// A stream that fails without a listener ends the process, and with it a run. Progress that nobody can read any more is
// no reason for that; what matters is recorded where it is written.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

function write(stream: NodeJS.WriteStream, message: string): void {
  const written = new Promise<void>((resolve) => {
    const note = (error?: NodeJS.ErrnoException | null) => {
      if (error && error.code !== 'EPIPE') failures.set(stream, error.code ?? error.message);
      resolve();
    };
    try {
      stream.write(message, note);
    } catch (error) {
      note(error as NodeJS.ErrnoException);
    }
  });
  pending.add(written);
  written.then(() => pending.delete(written));
}

const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));

// On exit Node restores the settings of terminals, and aborts if one has been closed in the meantime.
process.on('exit', () => {
  for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
});
