import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles src/standalone.ts into one file, for running from sources, where nothing has been built. */
export async function standaloneRuntime(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../standalone.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    platform: 'neutral',
    format: 'esm',
    target: 'es2022',
    conditions: ['@maxent/source'],
  });
  return outputFiles[0]!.text;
}
