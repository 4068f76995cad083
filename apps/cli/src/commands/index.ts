import type { Command } from '../command.js';

interface CommandEntry {
  readonly summary: string;
  /** Commands are loaded when asked for, so that `maxent --help` starts at once. */
  // biome-ignore lint/suspicious/noExplicitAny: each command has input and answer types of its own.
  readonly load: () => Promise<Command<any, any>>;
}

/** Every command by name, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  list: {
    summary: 'List agents, environments, task families, backends or plugins',
    load: async () => (await import('./list.js')).list,
  },
};
