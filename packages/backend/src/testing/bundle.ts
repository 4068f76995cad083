import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Format, type Platform } from 'esbuild';

const packageDirectory = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Bundles a program that imports `@maxent/backend` with plain esbuild: no plugin, no banner. ES modules for a browser
 * are split at `import()`. Returns the files by path, `/NAME.js` first.
 */
export async function bundle(
  program: string,
  platform: Platform,
  format: Format,
  name = 'main',
): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: packageDirectory },
    bundle: true,
    platform,
    format,
    splitting: platform === 'browser' && format === 'esm',
    outdir: '/',
    entryNames: name,
    // Bundle the sources instead of dist, so that the test needs no build and sees the current code.
    conditions: ['@maxent/source', 'module'],
    write: false,
    logLevel: 'error',
  });
  const entry = `/${name}.js`;
  outputFiles.sort((a, b) => Number(b.path === entry) - Number(a.path === entry));
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path, text]));
}

/** A file of `src/kernels/generated`. */
export function generatedFile(name: string): string {
  return join(packageDirectory, 'src/kernels/generated', name);
}

export function generatedBytes(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(generatedFile(name)));
}
