import { PluginError, pendingCreations } from '@maxent/core';
import { EventStream } from '../events/event-stream.js';
import { encodeJson } from '../output/json.js';
import type { CommandIo } from '../process/command-io.js';
import { reportOf } from './error-report.js';

/** Reports that nothing is left to do but the command with these arguments has not ended, and returns the exit code. */
export function reportUnsettled(
  args: readonly string[],
  io: Pick<CommandIo, 'writeOut' | 'writeError'>,
): number {
  const pending = pendingCreations();
  const what = pending.length > 0 ? pending.join(', ') : 'something, most likely in a plugin,';
  const error = new PluginError(`${what} returned a promise that is never settled. Correct the plugin.`);
  const { code, message, exitCode } = reportOf(error);
  if (args.includes('--json')) io.writeOut(`${encodeJson({ error: { code, message } })}\n`);
  else if (args.includes('ndjson') || args.includes('--events=ndjson'))
    new EventStream(io).write({ type: 'error', code, message, exitCode });
  io.writeError(`maxent: ${message}\n`);
  return exitCode;
}
