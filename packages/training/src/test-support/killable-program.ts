import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const script = fileURLToPath(new URL('./killable-run.ts', import.meta.url));

/** Plain Node 20 runs no TypeScript, so `killable-run.ts` and the sources it imports become one JavaScript file. */
export async function killableProgram(directory: string): Promise<string> {
  const outfile = join(directory, 'run.mjs');
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@maxent/source'],
  });
  return outfile;
}
