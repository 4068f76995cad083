import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The directory of the run or hierarchy that contains a path, or the path itself; undefined outside any run. The sender
 * of a run controls its content, so nothing in it is loaded as code unless the user names it.
 */
export function enclosingRun(path: string): string | undefined {
  for (let directory = path; ; directory = dirname(directory)) {
    if (
      holdsRun(directory) ||
      (Array.isArray(readJson(directory, 'levels.json')) && startedLevel(directory))
    ) {
      return directory;
    }
    if (dirname(directory) === directory) return undefined;
  }
}

function holdsRun(directory: string): boolean {
  const config = readJson(directory, 'config.json');
  return (
    typeof config === 'object' && config !== null && 'format' in config && config.format === 'maxent-run'
  );
}

/** A file for `--levels` may have the same name as the plan that a hierarchy keeps. */
function startedLevel(directory: string): boolean {
  return holdsRun(join(directory, 'level-0'));
}

function readJson(directory: string, name: string): unknown {
  const path = join(directory, name);
  try {
    // Reading a pipe of that name would never end.
    return statSync(path).isFile() ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}
