// The program that checks the addon, as a folder that a runtime on any machine can be given.
import { copyFileSync, cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagesWithAddon } from '../../addon/targets.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const backend = join(root, 'packages/backend');
const { build } = createRequire(join(backend, 'package.json'))('esbuild');

/** Writes the program, and the addons where it looks for them; returns the program's path. */
export async function writeProgram(folder) {
  const program = join(folder, 'program/main');
  await build({
    entryPoints: [join(root, '.ci/addon/program.mjs')],
    outfile: join(program, 'main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The sources, so that nothing but the kernels has to be built.
    conditions: ['@maxent/source', 'module'],
    nodePaths: [join(root, 'node_modules')],
    logLevel: 'error',
  });
  const binary = 'tfjs-backend-wasm-simd.wasm';
  copyFileSync(join(backend, 'src/kernels/generated', binary), join(program, binary));
  for (const directory of packagesWithAddon()) {
    cpSync(join(directory, 'prebuilds'), join(folder, 'prebuilds'), { recursive: true });
  }
  return join(program, 'main.mjs');
}
