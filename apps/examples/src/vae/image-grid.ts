import { encode } from 'fast-png';
import { PIXELS, SIDE } from './digits.js';

const BORDER = 2;
/** Every pixel of an image becomes a square with this side. */
const SCALE = 2;

/**
 * Images of digits side by side, row by row, as a grayscale PNG: ink black on white paper.
 *
 * @param images ink from 0 to 1, [count, PIXELS].
 */
export function imageGrid(images: ArrayLike<number>, columns: number): Uint8Array {
  const count = images.length / PIXELS;
  const pitch = SIDE * SCALE + BORDER;
  const width = columns * pitch + BORDER;
  const height = Math.ceil(count / columns) * pitch + BORDER;
  const data = new Uint8Array(width * height).fill(200);
  for (let image = 0; image < count; image++) {
    const top = BORDER + Math.floor(image / columns) * pitch;
    const left = BORDER + (image % columns) * pitch;
    for (let y = 0; y < SIDE * SCALE; y++) {
      for (let x = 0; x < SIDE * SCALE; x++) {
        const pixel = Math.floor(y / SCALE) * SIDE + Math.floor(x / SCALE);
        data[(top + y) * width + left + x] = Math.round(255 * (1 - images[image * PIXELS + pixel]!));
      }
    }
  }
  return encode({ width, height, data, depth: 8, channels: 1 });
}
