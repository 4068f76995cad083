import { commands } from './commands/index.js';
import { exitCodes } from './errors/exit-codes.js';
import { formatToolHelp } from './output/tool-help.js';
import type { CommandIo } from './process/command-io.js';
import { version } from './version.js';

/**
 * Runs one command line (without the program's name) and returns the exit code. With `--json` exactly one JSON
 * document goes to standard output: the answer, or `{"error":{"code","field"?,"message"}}`.
 */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const json = args.includes('--json');
  const [name, ...rest] = args[0] === '--json' ? args.slice(1) : args;
  if (name === '--version' || name === '-v') {
    io.writeOut(json ? `${JSON.stringify({ version })}\n` : `${version}\n`);
    return exitCodes.success;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const help = formatToolHelp(version, commands);
    io.writeOut(json ? `${JSON.stringify({ help })}\n` : help);
    return name === undefined ? exitCodes.usage : exitCodes.success;
  }
  // Schemas and everything else that takes time to load are loaded when a command needs them.
  const { runCommand } = await import('./run-command.js');
  return runCommand(name, rest, json, io);
}
