import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('can be bundled for a browser', async () => {
  const { errors, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    conditions: ['@maxent/source'],
    logLevel: 'silent',
  });
  expect(errors).toEqual([]);
  expect(outputFiles[0]!.text).not.toMatch(/\b(process|Buffer)\./);
});
