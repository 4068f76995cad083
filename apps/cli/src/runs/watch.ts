import { printable } from '@maxent/core';
import type { CommandIo } from '../process/command-io.js';

/** How environments and agents of a command are checked; warnings go to the error stream. */
export function watchOf(io: Pick<CommandIo, 'writeError'>, noCheck: boolean) {
  return {
    check: !noCheck,
    onWarning: (message: string) => io.writeError(`warning: ${printable(message)}\n`),
  };
}

export type CommandWatch = ReturnType<typeof watchOf>;
