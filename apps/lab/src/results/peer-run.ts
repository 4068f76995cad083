import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Evaluation, parseUnknown } from '@maxent/core';
import * as z from 'zod';
import { readJson } from './read-json.js';

/** What every `config.json` of `peers/sb3_curve.py` has besides peer, algorithm and hyperparameters. */
export const peerConfigFields = {
  environment: z.string(),
  seed: z.int(),
  steps: z.int().positive(),
  evaluateEvery: z.int().positive(),
  episodes: z.int().positive(),
  versions: z.record(z.string(), z.string()),
  torchThreads: z.int(),
};

/** One line of `evaluations.jsonl`. */
const evaluationSchema = z.object({
  step: z.int(),
  returnMean: z.number(),
  returnStd: z.number(),
  episodes: z.int(),
  returns: z.array(z.number()),
  lengths: z.array(z.int()),
  wallSeconds: z.number(),
});

export interface PeerRun<Config> {
  readonly config: Config;
  readonly evaluations: readonly (Evaluation & { readonly wallSeconds: number })[];
}

/**
 * A directory that `peers/sb3_curve.py` wrote, whose configuration this schema describes. Throws InvalidInputError that
 * names the file and the field.
 */
export async function readPeerRun<Schema extends z.ZodObject>(
  directory: string,
  schema: Schema,
): Promise<PeerRun<z.output<Schema>>> {
  const configFile = join(directory, 'config.json');
  const config = parseUnknown(schema, readJson(configFile, await readFile(configFile, 'utf8')), configFile);
  const evaluationsFile = join(directory, 'evaluations.jsonl');
  // The first evaluation writes it.
  const text = existsSync(evaluationsFile) ? (await readFile(evaluationsFile, 'utf8')).trimEnd() : '';
  const lines = text === '' ? [] : text.split('\n');
  const evaluations = lines.map((line, i) => {
    const field = `${evaluationsFile}:${i + 1}`;
    return parseUnknown(evaluationSchema, readJson(field, line), field);
  });
  return { config, evaluations };
}
