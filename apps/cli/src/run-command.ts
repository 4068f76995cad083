import { InvalidInputError, printable, UnknownNameError } from '@maxent/core';
import { parseArguments, typedName } from './arguments/parse-arguments.js';
import type { Command, CommandContext } from './commands/command.js';
import { commands } from './commands/index.js';
import { type ErrorReport, reportOf } from './errors/error-report.js';
import { exitCodes } from './errors/exit-codes.js';
import { ioWithLastEvent } from './events/event-io.js';
import { EventStream } from './events/event-stream.js';
import { lastEvent } from './events/last-event.js';
import { formatCommandHelp } from './output/command-help.js';
import { encodeJson } from './output/json.js';
import { loadPlugins } from './plugins/load-plugins.js';
import { loadRunPlugins } from './plugins/run-plugins.js';
import type { CommandIo } from './process/command-io.js';

/** Runs the command `name` with the arguments after it, prints its answer or its error, returns the exit code. */
export async function runCommand(
  name: string,
  args: readonly string[],
  json: boolean,
  io: CommandIo,
): Promise<number> {
  let command: Command | undefined;
  let events: EventStream | undefined;
  try {
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) throw new UnknownNameError('command', name, Object.keys(commands));
    command = await entry.load();
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
    if (common.events) {
      if (json) throw eventsWithJson();
      events = new EventStream(io);
      return await runWithEvents(command, input, context, events);
    }
    const { answer, text, drawing, exitCode = exitCodes.success } = await command.run(input(), context);
    io.writeOut(json ? `${encodeJson(answer)}\n` : printable(await text(common.plugins)));
    if (drawing !== undefined) (json ? io.writeError : io.writeOut)(drawing);
    return exitCode;
  } catch (error) {
    const { code, field, message, exitCode, stack } = asTyped(reportOf(error), command);
    if (json) io.writeOut(`${encodeJson({ error: { code, field, message } })}\n`);
    events?.write({ type: 'error', code, ...(field !== undefined && { field }), message, exitCode });
    io.writeError(`maxent: ${printable(stack ?? message)}\n`);
    return exitCode;
  }
}

/** Runs a command whose standard output is its events. */
async function runWithEvents(
  command: Command,
  input: () => Record<string, unknown>,
  context: CommandContext,
  events: EventStream,
): Promise<number> {
  const { io, release } = ioWithLastEvent(context.io, events);
  try {
    const {
      answer,
      drawing,
      exitCode = exitCodes.success,
    } = await command.run(input(), {
      ...context,
      io,
      events,
    });
    events.write(lastEvent(answer, exitCode));
    if (drawing !== undefined) io.writeError(drawing);
    return exitCode;
  } finally {
    release();
  }
}

function eventsWithJson(): InvalidInputError {
  return new InvalidInputError(
    '--events',
    'cannot be given with --json, which prints one document; leave one of them out: the last event holds the same answer',
  );
}

/** The names that commands use for a run's directory. */
const RUN_DIRECTORY = ['runDir', 'out'];

/** Names the argument as typed, RUN_DIR or --steps, if an error is about a field from the command line. */
function asTyped(report: ErrorReport, command: Command | undefined): ErrorReport {
  const { field, message } = report;
  if (command === undefined || field === undefined || !message.startsWith(`${field}: `)) return report;
  const isGiven = (name: string): boolean => Object.hasOwn(command.input.shape, name);
  const given = RUN_DIRECTORY.includes(field) ? RUN_DIRECTORY.find(isGiven) : field;
  if (given === undefined || !isGiven(given)) return report;
  const typed = typedName(given, command.positionals);
  return { ...report, field: typed, message: `${typed}${message.slice(field.length)}` };
}
