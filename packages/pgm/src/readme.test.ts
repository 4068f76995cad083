import { readFileSync } from 'node:fs';
import * as core from '@maxent/core';
import * as envs from '@maxent/envs';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as pgm from './index.js';
import * as kernels from './kernels/index.js';

const modules: Record<string, object> = {
  '@maxent/core': core,
  '@maxent/envs': envs,
  '@maxent/pgm': pgm,
  '@maxent/pgm/kernels': kernels,
};
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = readme
  .split(/^## /m)
  .flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    return [...section.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => ({ heading, code: code! }));
  })
  // Trains for long on tensors; the variational functions have tests of their own.
  .filter(({ code }) => !code.includes('@maxent/pgm/variational'));

/** What the example logs, one line for each call. */
async function run(code: string): Promise<string[]> {
  const { code: script } = await transform(code, { loader: 'ts' });
  const body = script.replace(/import (\{[^}]*\}) from "([^"]*)";/g, 'const $1 = modules["$2"];');
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(values.join(' '));
  await new Function('modules', 'console', `return (async () => {${body}})()`)(modules, { log });
  return lines;
}

describe('the README', () => {
  it('has an example of the kernels and for each exact family', () => {
    expect(new Set(examples.map(({ heading }) => heading)).size).toBe(7);
  });

  it.each(examples)('shows what its example logs: $heading', async ({ code }) => {
    const shown = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);
    expect(shown.length).toBeGreaterThan(0);
    expect(await run(code)).toEqual(shown);
  });
});
