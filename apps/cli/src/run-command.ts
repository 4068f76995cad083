import { UnknownNameError } from '@maxent/core';
import { parseArguments } from './arguments/parse-arguments.js';
import type { Command, CommandContext } from './command.js';
import type { CommandIo } from './command-io.js';
import { commands } from './commands/index.js';
import { reportOf } from './error-report.js';
import { exitCodes } from './exit-codes.js';
import { formatCommandHelp } from './output/command-help.js';
import { encodeJson } from './output/json.js';
import { loadPlugins } from './plugins/load-plugins.js';
import { loadRunPlugins } from './plugins/run-plugins.js';

/** Runs the command `name` with the arguments after it, prints its answer or its error, returns the exit code. */
export async function runCommand(
  name: string,
  args: readonly string[],
  json: boolean,
  io: CommandIo,
): Promise<number> {
  try {
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) throw new UnknownNameError('command', name, Object.keys(commands));
    const command: Command = await entry.load();
    const { textOf, common, input } = parseArguments(args, command);
    const { workingDirectory, writeError } = io;
    const context: CommandContext = {
      io,
      plugins: () => loadPlugins(workingDirectory, common.plugins),
      runPlugins: (runs) =>
        loadRunPlugins({ workingDirectory, requested: common.plugins, notice: writeError, ...runs }),
    };
    if (common.help) {
      const further = (await command.furtherHelp?.(textOf, context)) ?? '';
      const help = formatCommandHelp(name, entry.summary, command, further);
      io.writeOut(json ? `${encodeJson({ help })}\n` : help);
      return exitCodes.success;
    }
    const { answer, drawing, exitCode = exitCodes.success } = await command.run(input(), context);
    io.writeOut(json ? `${encodeJson(answer)}\n` : await command.format(answer, common.plugins));
    if (drawing !== undefined) (json ? io.writeError : io.writeOut)(drawing);
    return exitCode;
  } catch (error) {
    const { code, field, message, exitCode, stack } = reportOf(error);
    if (json) io.writeOut(`${encodeJson({ error: { code, field, message } })}\n`);
    io.writeError(`maxent: ${stack ?? message}\n`);
    return exitCode;
  }
}
