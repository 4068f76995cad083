// Part of `pnpm check`: what is tracked stays below 16 MB, so that a clone is small and stored results stay compact.
import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT = 16_000_000;
const LARGEST_SHOWN = 10;

const root = fileURLToPath(new URL('..', import.meta.url));
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
  .split('\0')
  .filter((path) => path !== '')
  .flatMap((path) => {
    // Deleted and not committed yet.
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, bytes: stats.size }];
  });
const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
if (total >= LIMIT) {
  const largest = files.sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST_SHOWN);
  process.stderr.write(
    `the tracked files have ${megabytes(total)}, and may have ${megabytes(LIMIT)}; the largest are\n` +
      `${largest.map(({ path, bytes }) => `  ${megabytes(bytes)}  ${path}`).join('\n')}\n` +
      'Store runs with `pnpm -s lab compact`, and fixtures gzipped.\n',
  );
  process.exit(1);
}
process.stdout.write(`the tracked files have ${megabytes(total)} of ${megabytes(LIMIT)}\n`);
