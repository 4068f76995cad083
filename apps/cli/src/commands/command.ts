import type * as z from 'zod';
import type { TextOf } from '../arguments/parse-arguments.js';
import type { EventStream } from '../events/event-stream.js';
import type { Encodes } from '../output/json.js';
import type { PluginSet } from '../plugins/load-plugins.js';
import type { RunPluginOptions } from '../plugins/run-plugins.js';
import type { CommandIo } from '../process/command-io.js';

export interface CommandContext {
  readonly io: CommandIo;
  /** What `--events` asked for. The caller of the command writes the last event. */
  readonly events?: EventStream | undefined;
  /** Loads the built-in plugins, those of `maxent.config.*` and of `--plugin`. */
  readonly plugins: () => Promise<PluginSet>;
  /** The same for existing runs, with the plugins that they recorded as far as these may be loaded. */
  readonly runPlugins: (runs: Pick<RunPluginOptions, 'runs' | 'also'>) => Promise<PluginSet>;
}

interface CommandResult<Answer> {
  readonly answer: Encodes<Answer>;
  /** The answer for people; `plugins` are the plugins that they named. */
  readonly text: (plugins: readonly string[]) => string | Promise<string>;
  /** 0 unless given. */
  readonly exitCode?: number;
  /** A requested drawing; it follows the answer for people, and goes to the error stream with `--json`. */
  readonly drawing?: string;
}

/**
 * One command. `input` describes its arguments: every field becomes a `--kebab-case` option (an array may be given
 * several times), except those named in `positionals`, which are given without a name, in that order.
 */
export interface Command<Input extends z.ZodObject = z.ZodObject, Answer extends z.ZodType = z.ZodType> {
  readonly input: Input;
  readonly positionals: readonly (keyof Input['shape'] & string)[];
  /** Whether it takes long enough to have `--events`. */
  readonly events?: true;
  /** What `--json` prints; published as `schemas/<command>.json`. */
  readonly answer: Answer;
  run(input: z.output<Input>, context: CommandContext): Promise<CommandResult<z.output<Answer>>>;
  /** Help beyond the options that depends on the arguments, such as the settings of an agent. */
  furtherHelp?(textOf: TextOf, context: CommandContext): Promise<string>;
}

/** Checks the types of a command and returns it. */
export function defineCommand<Input extends z.ZodObject, Answer extends z.ZodType>(
  command: Command<Input, Answer>,
): Command<Input, Answer> {
  return command;
}
