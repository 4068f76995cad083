import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { findings } from './findings.js';
import { fuzz, runAll } from './fuzz.js';

const program = fileURLToPath(new URL('../../dist/fuzz-child.js', import.meta.url));
/** As many as take about 20 seconds on two cores. */
const DOCUMENTS = 400;

beforeEach((context) => {
  if (!existsSync(program)) context.skip('the program is not built; pnpm build makes it');
});

test('what once failed is answered, or refused by name', { timeout: 120_000 }, async () => {
  const documents = findings.map((document) => () => document);
  expect(await runAll(documents, { program, directory: await temporaryDirectory() })).toEqual([]);
});

test('mutated documents are answered, or refused by name', { timeout: 240_000 }, async () => {
  const options = { seed: 17, documents: DOCUMENTS, program, directory: await temporaryDirectory() };
  expect(await fuzz(options)).toEqual([]);
});
