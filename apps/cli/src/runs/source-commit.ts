import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The commit of the checkout of maxent that this program runs from, followed by "-modified" when tracked files
 * differ from it. Undefined for an installed package, or without git.
 */
export function sourceCommit(): string | undefined {
  const directory = dirname(fileURLToPath(import.meta.url));
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', directory, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    // An installed package may lie in somebody else's repository, whose commit says nothing about maxent.
    if (JSON.parse(git('show', 'HEAD:apps/cli/package.json')).name !== '@maxent/cli') return undefined;
    const modified = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', 'HEAD')}${modified ? '-modified' : ''}`;
  } catch {
    return undefined;
  }
}
