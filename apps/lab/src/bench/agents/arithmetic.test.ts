import { expect, test } from 'vitest';
import { crossQMultiplyAdds, sacMultiplyAdds } from './arithmetic.js';

// Critics of 256, 512, 1024 and 2048 next to SAC with 256.
test.each<[string, number, number, number[]]>([
  ['Pendulum', 3, 1, [0.96, 3.4, 13, 53]],
  ['HalfCheetah', 17, 6, [0.96, 3.3, 12.5, 49]],
  ['Ant', 105, 8, [0.96, 2.9, 10.3, 39]],
  ['Humanoid', 348, 17, [0.96, 2.5, 7.5, 26]],
])('CrossQ needs as much arithmetic as SAC at 256, and more at other widths: %s', (_, ...row) => {
  const [observationSize, actionSize, expected] = row;
  const sizesOf = (width: number) => ({
    ...{ batchSize: 256, observationSize, actionSize },
    ...{ hiddenSizes: [256, 256], criticHiddenSizes: [width, width] },
  });
  const sac = sacMultiplyAdds(sizesOf(256));
  expected.forEach((value, i) => {
    const ratio = crossQMultiplyAdds(sizesOf(256 * 2 ** i), 3) / sac;
    const digits = String(value).split('.')[1]?.length ?? 0;
    expect(ratio.toFixed(digits)).toBe(value.toFixed(digits));
  });
});
