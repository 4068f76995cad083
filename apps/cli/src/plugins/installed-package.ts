import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { enclosingRun } from './enclosing-run.js';

/**
 * The file that importing an installed package runs, looked up in `node_modules` from `directory` upward; `resolve` is
 * Node's resolution from there. What Node would find elsewhere under that name (a built-in module, the package that
 * contains `directory`, a file outside the package's directory) does not count as installed. Throws an Error that says
 * why the package cannot be used.
 */
export function installedEntry(name: string, directory: string, resolve: (name: string) => string): string {
  const found = ancestors(directory)
    .map((ancestor) => join(ancestor, 'node_modules', ...name.split('/')))
    .find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`no such package is installed for ${directory}`);
  if ((enclosingRun(dirname(found)) ?? enclosingRun(realpathSync(found))) !== undefined) {
    throw new Error(`${found} lies inside a run`);
  }
  const entry = fileURLToPath(resolve(name));
  if (!existsSync(entry) || !realpathSync(entry).startsWith(realpathSync(found) + sep)) {
    throw new Error(`the name leads to ${entry}, which is not part of the installed package ${found}`);
  }
  return entry;
}

function ancestors(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}
