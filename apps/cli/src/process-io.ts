import { text } from 'node:stream/consumers';
import type { CommandIo } from './command-io.js';

/** The shell around this process. */
export const processIo: CommandIo = {
  writeOut: (message) => process.stdout.write(message),
  writeError: (message) => process.stderr.write(message),
  readInput: () => text(process.stdin),
  workingDirectory: process.cwd(),
  terminalColumns: process.stderr.isTTY ? process.stderr.columns : undefined,
  screen: process.stdout.isTTY
    ? { columns: process.stdout.columns, colours: process.stdout.hasColors(256) }
    : undefined,
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
  exitNow: (exitCode) => process.exit(exitCode),
};
