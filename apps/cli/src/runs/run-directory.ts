import { InvalidInputError } from '@maxent/core';
import { holdsLevels, levelDirectory, startedLevels } from '@maxent/hierarchy/node';
import { readRun, type StoredRun } from '@maxent/training/node';
import type { CommandIo } from '../process/command-io.js';
import { resolvePath } from '../process/paths.js';

/**
 * The run in a directory that the caller named. Throws InvalidInputError; for a hierarchy, the message lists its
 * levels' runs.
 */
export async function readNamedRun(io: CommandIo, runDir: string): Promise<StoredRun> {
  const directory = resolvePath(io, runDir);
  if (!holdsLevels(directory)) return readRun(directory);
  const runs = (await startedLevels(directory)).flatMap((run, i) => (run ? [levelDirectory(runDir, i)] : []));
  throw new InvalidInputError(
    'runDir',
    `"${runDir}" holds a hierarchy, in which each level is a run: name one of ${runs.join(', ') || 'them, once it has started'}. ` +
      'The policy of the last one includes the levels below it',
  );
}
