import { requireMemory } from '@maxent/core';

export interface TrainingSizes {
  /** Size of the networks' input: observation and action. */
  readonly inputSize: number;
  /** Layer widths by the name of their setting: `{ hiddenSizes: [256, 256] }`. */
  readonly widths: Readonly<Record<string, readonly number[]>>;
  /** Factors of the number of rows, by the name of their setting: `{ batchSize: 256, criticCount: 2 }`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A WebAssembly memory holds 4 GiB, and the networks need their share of it. */
const TRAINING_MEMORY_LIMIT = 2 ** 30;
/** Bytes per output of a layer in a gradient step: the number, its gradient and a workspace, float32. */
const BYTES_PER_ACTIVATION = 12;

/**
 * Throws InvalidInputError, which names the largest setting, if the layers' outputs in a gradient step would take more
 * than 1 GiB. Called before anything is allocated: on WebAssembly nothing else would report it in time.
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
