import * as z from 'zod';
import { jsonNumber } from '../../input/json-number.js';
import { episodeCounts } from '../../runs/evaluation-fields.js';

/** What `maxent watch` answers. */
export const watchAnswer = z.object({
  html: z.string().describe('path of the page that was written'),
  bytes: z.int().describe('size of the page'),
  step: z.int().describe('environment step of the checkpoint that acted'),
  return: jsonNumber.describe("sum of the environment's own rewards"),
  length: z.int().describe('number of steps'),
  pictures: z.int().describe('number of pictures on the page; long episodes keep one for several steps'),
  ...episodeCounts,
});

export type WatchAnswer = z.output<typeof watchAnswer>;
