import { at, loadUpTo4, storeUpTo4 } from './vector';

/**
 * out[s] = sum of the rows i of `x` (rows x width) with segments[i] == s, for s below `count`; rows with any other
 * segment number are left out.
 */
export function segmentSum(x: usize, segments: usize, out: usize, rows: i32, width: i32, count: i32): void {
  memory.fill(out, 0, at(count * width));
  for (let row = 0; row < rows; row++) {
    const segment = load<i32>(segments + at(row));
    if (segment >= 0 && segment < count) {
      const target = out + at(segment * width);
      for (let i = 0; i < width; i += 4) {
        const lanes = width - i;
        const sum = f32x4.add(loadUpTo4(target + at(i), lanes), loadUpTo4(x + at(i), lanes));
        storeUpTo4(target + at(i), sum, lanes);
      }
    }
    x += at(width);
  }
}
