import * as z from 'zod';
import type { RunRow } from '../run-storage.js';
import { storedProblem } from '../stored-problem.js';

const step = z.int().min(0);
const count = z.int().min(0);
const number = z.number();
const wallSeconds = number;

/** [tasks][episodes] */
const curves = z
  .array(z.array(number).min(1))
  .min(1)
  .refine((tasks) => tasks.every(({ length }) => length === tasks[0]!.length), 'expected rows of one length');

/** The fields that readers of rows rely on. Unknown keys are kept as they are. */
const row = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('metrics'),
    step,
    updates: count,
    values: z.record(z.string(), number),
    wallSeconds,
    stepsPerSecond: number,
  }),
  z.looseObject({
    type: z.literal('episode'),
    step,
    environment: count.optional(),
    return: number,
    length: count,
    terminated: z.boolean(),
    wallSeconds,
  }),
  z.looseObject({
    type: z.literal('evaluation'),
    step,
    returnMean: number,
    returnStd: number,
    episodes: count,
    returns: z.array(number).min(1),
    lengths: z.array(count),
    adaptation: z
      .looseObject({
        explorationEpisodes: count,
        returns: curves,
        successes: curves.optional(),
      })
      .optional(),
    wallSeconds,
  }),
  z.looseObject({ type: z.literal('warning'), step, message: z.string(), wallSeconds }),
]);

/** A line of `metrics.jsonl`: its row, or what is wrong with it. */
export type ParsedRow =
  | { readonly row: RunRow; readonly problem?: undefined }
  | { readonly row?: undefined; readonly problem: string };

/** Never throws. */
export function parseRow(line: string): ParsedRow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { problem: 'not JSON' };
  }
  const result = row.safeParse(parsed);
  if (result.success) return { row: parsed as RunRow };
  return { problem: storedProblem(result.error, parsed) };
}
