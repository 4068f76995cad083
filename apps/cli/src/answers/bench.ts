import { z } from 'zod';

/** What `maxent bench NAME` answers; benchmarks add fields of their own. */
export const benchAnswer = z.object({
  name: z.string(),
  machine: z.object({
    processor: z.string(),
    cores: z.int(),
    memoryGiB: z.number(),
    operatingSystem: z.string(),
    architecture: z.string(),
    node: z.string(),
    simd: z.string().describe('vector instructions of the fused kernels'),
  }),
  versions: z.record(z.string(), z.string()),
  rows: z
    .array(
      z.object({
        label: z.string(),
        median: z.number(),
        unit: z.string(),
        runs: z.array(z.number()).readonly().describe('single measurements, in the order they were taken'),
        gigaflopsPerSecond: z
          .number()
          .exactOptional()
          .describe('useful arithmetic per second at the median, where it was counted'),
      }),
    )
    .readonly(),
  ratios: z.record(z.string(), z.number()).describe('quotients and other numbers without a unit'),
  notes: z.array(z.string()).readonly(),
  failures: z
    .array(z.string())
    .readonly()
    .exactOptional()
    .describe('what must hold and does not; only of benchmarks that judge. Not empty: exit code 1'),
});
