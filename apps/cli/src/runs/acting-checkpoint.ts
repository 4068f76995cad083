import { InvalidInputError, isMaxentError } from '@maxent/core';
import type { CheckpointChoice, StoredCheckpoint } from '@maxent/training';
import type { StoredRun } from '@maxent/training/node';
import { shellWord } from '@maxent/training/report';
import type { CommandIo } from '../process/command-io.js';

/** The checkpoint of a run that `--checkpoint` names, to act with; reports what is wrong with newer ones. */
export async function actingCheckpoint(
  io: CommandIo,
  run: StoredRun,
  { runDir, checkpoint = 'newest' }: { readonly runDir: string; readonly checkpoint?: string | undefined },
): Promise<StoredCheckpoint> {
  const named = checkpoint === 'best' || checkpoint === 'newest';
  const choice: CheckpointChoice = named ? checkpoint : Number(checkpoint);
  const found = await run.actingCheckpoint(choice).catch((error: unknown) => {
    if (!(isMaxentError(error, 'INVALID_INPUT') && error.field === 'checkpoint')) throw error;
    throw new InvalidInputError('--checkpoint', error.message.replace('checkpoint: ', ''), { cause: error });
  });
  if (found === undefined)
    throw new InvalidInputError(
      'runDir',
      `"${runDir}" has no checkpoint: the run stopped before its first one. If it was interrupted, continue it with maxent train --resume --out ${shellWord(runDir)}; if it diverged, start again with a smaller learning rate`,
    );
  for (const warning of found.warnings) io.writeError(`warning: ${warning}\n`);
  return found;
}
