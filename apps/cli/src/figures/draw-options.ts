import * as z from 'zod';
import { pathOption } from '../arguments/options.js';

/** Options of commands that can draw their answer. */
export const drawOptions = {
  plot: z.boolean().default(false).describe('draw the answer in the terminal'),
  html: pathOption
    .optional()
    .describe('page with drawings to write, and a slider over time; it needs no network')
    .meta({ placeholder: 'FILE' }),
};

export interface DrawRequest {
  readonly plot: boolean;
  readonly html?: string | undefined;
}
