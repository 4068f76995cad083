import { join } from 'node:path';
import {
  DamagedDataError,
  decodeSafetensors,
  encodeSafetensors,
  isMaxentError,
  type JsonObject,
} from '@maxent/core';
import { assertFiniteSnapshot, type RunConfig } from '@maxent/training';
import { readStored } from '@maxent/training/node';
import { LevelStack } from '../level-stack.js';

const FILE = 'levels-below.safetensors';

/** The file in which a run keeps its own copy of the frozen levels below it: the originals may be trained further. */
export function levelsBelowFile(stack: LevelStack): Record<string, Uint8Array> {
  if (stack.levels.length === 0) return {};
  const { arrays, metadata } = stack.save();
  return { [FILE]: encodeSafetensors({ tensors: arrays, metadata: { levels: JSON.stringify(metadata) } }) };
}

/**
 * The frozen levels below a run; the caller disposes of them. Undefined for a run outside a hierarchy. Throws
 * DamagedDataError if they cannot be read or hold a number that is not finite.
 */
export async function readLevelsBelow(
  directory: string,
  { level }: RunConfig,
): Promise<LevelStack | undefined> {
  if (level === undefined) return undefined;
  if (level.below === 0) return new LevelStack();
  const path = join(directory, FILE);
  try {
    const { tensors, metadata } = decodeSafetensors(await readStored(path));
    const snapshot = { arrays: tensors, metadata: JSON.parse(metadata.levels ?? '') as JsonObject };
    assertFiniteSnapshot(snapshot);
    return LevelStack.load(snapshot);
  } catch (cause) {
    const reason = isMaxentError(cause, 'DAMAGED_DATA') ? `: ${cause.message}` : '';
    throw new DamagedDataError(
      `"${path}", which holds the ${level.below} levels below the run, cannot be used${reason}`,
      { cause },
    );
  }
}
