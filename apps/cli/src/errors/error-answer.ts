import * as z from 'zod';

/** What any command answers with `--json` when it cannot do its work; the exit code says whose fault it is. */
export const errorAnswer = z.object({
  error: z.object({
    code: z.string().describe('stable; INTERNAL for an error that nobody foresaw'),
    field: z.string().optional().describe('the option, configuration key or file field at fault'),
    message: z.string(),
  }),
});
