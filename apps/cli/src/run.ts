import { UnknownNameError } from '@maxent/core';
import { parseArguments } from './arguments/parse-arguments.js';
import type { Command, CommandContext } from './command.js';
import type { CommandIo } from './command-io.js';
import { commands } from './commands/index.js';
import { reportOf } from './error-report.js';
import { exitCodes } from './exit-codes.js';
import { formatCommandHelp, formatToolHelp } from './output/help.js';
import { encodeJson } from './output/json.js';
import { loadRegistry } from './plugins/load-registry.js';
import { version } from './version.js';

/**
 * Runs one command line (without the program's name) and returns the exit code. With `--json` exactly one JSON
 * document goes to standard output: the answer, or `{"error":{"code","field"?,"message"}}`.
 */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const json = args.includes('--json');
  const print = (text: string, document: unknown): void =>
    io.writeOut(json ? `${encodeJson(document)}\n` : text);
  try {
    const [name, ...rest] = args.filter((arg, index) => index > 0 || arg !== '--json');
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      const summaries = Object.entries(commands).map(([key, { summary }]) => [key, summary]);
      const help = formatToolHelp(version, Object.fromEntries(summaries));
      print(help, { help });
      return name === undefined ? exitCodes.usage : exitCodes.success;
    }
    if (name === '--version' || name === '-v') {
      print(`${version}\n`, { version });
      return exitCodes.success;
    }
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) throw new UnknownNameError('command', name, Object.keys(commands));
    const command: Command = await entry.load();
    const parsed = parseArguments(rest, command);
    const context: CommandContext = {
      io,
      json,
      registry: once(() => loadRegistry(io.workingDirectory, parsed.common.plugins)),
    };
    if (parsed.common.help) {
      const further = (await command.furtherHelp?.(parsed.words, context)) ?? '';
      const help = formatCommandHelp(name, entry.summary, command, further);
      print(help, { help });
      return exitCodes.success;
    }
    const { answer, exitCode = exitCodes.success } = await command.run(parsed.input(), context);
    print(json ? '' : command.format(answer, context), answer);
    return exitCode;
  } catch (error) {
    const { code, field, message, exitCode, stack } = reportOf(error);
    if (json) io.writeOut(`${encodeJson({ error: { code, field, message } })}\n`);
    io.writeError(`maxent: ${stack ?? message}\n`);
    return exitCode;
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
