import { readFile } from 'node:fs/promises';

/** Reads src/standalone.ts as one bundled file, which the build puts next to this one. */
export async function standaloneRuntime(): Promise<string> {
  return readFile(new URL('./standalone.js', import.meta.url), 'utf8');
}
