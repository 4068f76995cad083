import * as z from 'zod';

const calibration = z.object({
  workload: z.string(),
  milliseconds: z
    .object({ addon: z.number(), wasm: z.number(), native: z.number() })
    .partial()
    .describe(
      'median per update of what could be used: on wasm with the addon, on wasm with the kernels in WebAssembly, on native',
    ),
  chosen: z.enum(['native', 'wasm']),
  kernels: z.enum(['addon', 'wasm']).describe('the faster kernels on wasm'),
  threads: z.int().nullable().describe("threads of the native backend; null for TensorFlow's choice"),
  simd: z.string().describe('vector instructions of the best kernels on wasm'),
  kernelThreads: z.int().describe('threads of these kernels'),
  measuredAt: z.string().describe('ISO 8601 time'),
});

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
      tensorflow: z.string().optional().describe("version of the native backend's library"),
      kernels: z
        .enum(['none', 'wasm', 'addon'])
        .describe('where the kernels come from; addon is machine code'),
      simd: z.enum(['none', 'simd128', 'relaxed-simd', 'avx2', 'avx512', 'neon']),
      rounding: z
        .enum(['fused', 'unfused'])
        .optional()
        .describe('of multiply-adds: kernels of one class give the same numbers'),
      fused: z.boolean().describe('whether the fused kernels or native compositions are in use'),
      threads: z.int().optional().describe('threads of the addon, or of TensorFlow'),
      calibration: calibration.optional().describe('the measurement that decided'),
      reason: z.string(),
    })
    .describe('the backend that was chosen'),
  addon: z
    .object({ available: z.boolean(), reason: z.string() })
    .describe('the kernels as machine code, or why they are absent'),
  calibrations: z.array(calibration).describe('measurements of auto on this machine with these versions'),
  selfCheck: z
    .object({
      passed: z.boolean(),
      relativeError: z.number().describe('relative L2 distance of the fused product from the composed one'),
      fusedGigaflops: z.number(),
      composedGigaflops: z.number(),
      kernels: z
        .object({
          addon: z.string().describe('vector instructions of the addon'),
          wasm: z.string().describe('vector instructions of the WebAssembly kernels'),
          sameRounding: z.boolean().describe('whether both must give the same numbers'),
          equal: z.boolean().describe('whether they do, to the last bit'),
          relativeError: z.number().describe('relative L2 distance of the weights after three updates'),
        })
        .optional()
        .describe('updates of soft actor-critic by both; only on wasm, if the addon is there'),
    })
    .describe(
      'product of two 256 x 256 matrices by the fused kernels and by tfjs operations, and the kernels compared',
    ),
});

export type DoctorAnswer = z.output<typeof doctorAnswer>;
