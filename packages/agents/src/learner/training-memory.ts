import { requireMemory } from '@maxent/core';

export interface TrainingSizes {
  /** Numbers that the networks read of each row: observation and action. */
  readonly inputSize: number;
  /** Widths of layers by the name of their setting: `{ hiddenSizes: [256, 256] }`. */
  readonly widths: Readonly<Record<string, readonly number[]>>;
  /** What multiplies a row, by the name of its setting: `{ batchSize: 256, criticCount: 2 }`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A WebAssembly memory holds 4 GiB, in which the networks lie too. */
const TRAINING_MEMORY_LIMIT = 2 ** 30;
/** Bytes per number that a layer gives in a gradient step: the number, its gradient and a workspace, float32. */
const BYTES_PER_ACTIVATION = 12;

/**
 * Throws InvalidInputError for the largest setting when what the layers give in a gradient step would take more than
 * 1 GiB. Called before anything is made: on WebAssembly nothing else says so in time.
 */
export function requireTrainingMemory({ inputSize, widths, counts }: TrainingSizes): void {
  let units = inputSize;
  const settings: [name: string, size: number][] = [
    ['observationSpace', inputSize],
    ...Object.entries(counts),
  ];
  for (const [name, sizes] of Object.entries(widths)) {
    const sum = sizes.reduce((total, size) => total + size, 0);
    settings.push([name, sum]);
    units += sum;
  }
  const rows = Object.values(counts).reduce((product, count) => product * count, 1);
  const [field] = settings.reduce((largest, setting) => (setting[1] > largest[1] ? setting : largest));
  requireMemory(field, rows * units * BYTES_PER_ACTIVATION, TRAINING_MEMORY_LIMIT, {
    what: `a gradient step on ${rows} rows of ${units} units`,
    remedy: `use a smaller ${field}`,
  });
}
