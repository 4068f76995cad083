import { z } from 'zod';

/** Options that several commands share. */
export const seedOption = z.int().nonnegative().default(1);

export const backendOption = z
  .enum(['auto', 'native', 'wasm', 'cpu'])
  .optional()
  .describe('what computes [default: MAXENT_BACKEND, or the first that runs here]');

/** `key=value` texts for `readSettings`. */
export const settingsOption = z.array(z.string()).default([]).meta({ placeholder: 'KEY=VALUE' });
