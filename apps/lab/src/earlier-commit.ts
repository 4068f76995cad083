import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';

/**
 * Runs `work` with the directory of an earlier commit of this repository, installed and built, which is then removed.
 *
 * @throws InvalidInputError if there is no such commit.
 */
export async function withEarlierCommit<Result>(
  commit: string,
  repository: string,
  work: (checkout: string) => Promise<Result> | Result,
): Promise<Result> {
  const scratch = mkdtempSync(join(tmpdir(), 'maxent-earlier-'));
  try {
    const checkout = join(scratch, 'checkout');
    execFileSync('git', ['clone', '--quiet', '--no-checkout', repository, checkout]);
    try {
      execFileSync('git', ['-C', checkout, 'checkout', '--quiet', commit], { stdio: 'pipe' });
    } catch (cause) {
      throw new InvalidInputError('commit', `expected a commit of this repository, but got "${commit}"`, {
        cause,
      });
    }
    for (const step of [['install', '--frozen-lockfile', '--prefer-offline'], ['build']]) {
      execFileSync('npx', ['-y', 'pnpm@12', ...step], {
        cwd: checkout,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
    return await work(checkout);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
