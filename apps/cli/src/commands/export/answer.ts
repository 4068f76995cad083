import * as z from 'zod';

const support = z.string().describe('"yes", "yes, without ..." or "no: ..." with the reason');

/** What `maxent export` answers. */
export const exportAnswer = z.union([
  z.object({
    out: z.string().describe('path of the file that was written'),
    format: z.enum(['policy', 'onnx', 'js']),
    agent: z.string(),
    step: z.int().describe('environment step of the checkpoint that was exported'),
    bytes: z.int().describe('size of the file'),
  }),
  z.object({
    formats: z
      .array(z.object({ agent: z.string(), policy: support, onnx: support, js: support }))
      .describe("the formats in which each agent's policy can be written"),
  }),
]);

export type ExportAnswer = z.output<typeof exportAnswer>;
