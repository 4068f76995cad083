import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import type { CommandIo } from './command-io.js';

/** The shell around this process. */
export const processIo: CommandIo = {
  writeOut: (message) => process.stdout.write(message),
  writeError: (message) => process.stderr.write(message),
  readInput: () => text(process.stdin),
  workingDirectory: process.cwd(),
  get terminalColumns() {
    return process.stderr.isTTY ? columnsOf(process.stderr) : undefined;
  },
  get screen() {
    const { stdout } = process;
    return stdout.isTTY ? { columns: columnsOf(stdout), colours: stdout.hasColors(256) } : undefined;
  },
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
  exitNow: (exitCode) => process.exit(exitCode),
};

/** Some terminals, such as those of containers, say that they have no columns. */
export function columnsOf({ columns }: Pick<WriteStream, 'columns'>): number {
  return columns > 0 ? columns : 80;
}
