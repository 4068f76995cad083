import { relative, resolve } from 'node:path';
import { DamagedDataError, InvalidInputError, isMaxentError, type Snapshot } from '@maxent/core';
import { agentSnapshot, type RunConfig } from '@maxent/training';
import { readRun } from '@maxent/training/node';

/** How a run in `directory` records that it goes on from a checkpoint of another run. */
export function originOf(
  directory: string,
  source: string,
  checkpoint: number,
): NonNullable<RunConfig['from']> {
  return { run: relative(directory, source), checkpoint };
}

/**
 * What the level below had learned, with its experience, for a run in `directory` that continues it and has no checkpoint
 * yet. Throws InvalidInputError with field `from` if that checkpoint is no longer there, and DamagedDataError if it cannot
 * be used, or if the run does not say what it goes on from.
 */
export async function readCarried(directory: string, { from }: Pick<RunConfig, 'from'>): Promise<Snapshot> {
  if (from === undefined) {
    throw new DamagedDataError(
      `the config.json in "${directory}" does not say what the run goes on from; start it again in another directory`,
    );
  }
  const source = resolve(directory, from.run);
  try {
    const { snapshot } = await (await readRun(source)).checkpointAt(from.checkpoint);
    return agentSnapshot(snapshot);
  } catch (cause) {
    if (!isMaxentError(cause, 'INVALID_INPUT')) throw cause;
    throw new InvalidInputError(
      'from',
      `the run has no checkpoint yet, so it begins with checkpoint ${from.checkpoint} of "${source}", which is not there: ${cause.message.slice(cause.message.indexOf(': ') + 2)}; ` +
        'restore it, or start again from another checkpoint in another directory',
      { cause },
    );
  }
}
