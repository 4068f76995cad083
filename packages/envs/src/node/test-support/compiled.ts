import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export interface Compiled {
  /** The module that worker threads import their environments from. */
  readonly plugin: URL;
  /** @maxent/envs/node. */
  readonly index: URL;
  readonly node: typeof import('../index.js');
  remove(): Promise<void>;
}

/** Node 20 cannot run TypeScript, even in worker threads, so the sources become JavaScript files in one folder. */
export async function compile(): Promise<Compiled> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-vector-'));
  await build({
    entryPoints: {
      index: fileURLToPath(new URL('../index.ts', import.meta.url)),
      worker: fileURLToPath(new URL('../worker.ts', import.meta.url)),
      plugin: fileURLToPath(new URL('./plugin.ts', import.meta.url)),
    },
    outdir: directory,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@maxent/source'],
  });
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  const url = (name: string) => pathToFileURL(join(directory, name));
  return {
    plugin: url('plugin.js'),
    index: url('index.js'),
    node: await import(/* @vite-ignore */ url('index.js').href),
    remove: () => rm(directory, { recursive: true }),
  };
}
