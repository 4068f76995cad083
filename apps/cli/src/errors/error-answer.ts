import * as z from 'zod';

/** The answer of any command with `--json` that cannot do its work; the exit code says whose fault it is. */
export const errorAnswer = z.object({
  error: z.object({
    code: z.string().describe('stable; INTERNAL for an unforeseen error'),
    field: z.string().optional().describe('the option, configuration key or file field at fault'),
    message: z.string(),
  }),
});
