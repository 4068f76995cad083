import { z } from 'zod';

/** What `maxent doctor` answers. */
export const doctorAnswer = z.object({
  versions: z.record(z.string(), z.string()),
  machine: z.object({
    operatingSystem: z.string(),
    processor: z.string(),
    cores: z.int(),
    memoryGiB: z.number(),
  }),
  backends: z.array(z.object({ name: z.string(), available: z.boolean(), reason: z.string() })),
  backend: z
    .object({
      name: z.string(),
      version: z.string(),
      simd: z.enum(['none', 'simd128', 'relaxed-simd']),
      fused: z.boolean().describe('whether the fused kernels are in use'),
      reason: z.string(),
    })
    .describe('the one that was chosen'),
  selfCheck: z
    .object({
      passed: z.boolean(),
      relativeError: z.number().describe('L2 distance of the fused product to the composed one, relative'),
      fusedGigaflops: z.number(),
      composedGigaflops: z.number(),
    })
    .describe('product of two matrices of 256 x 256 by the fused kernels and by tfjs operations'),
});

export type DoctorAnswer = z.output<typeof doctorAnswer>;
