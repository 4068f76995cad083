// pnpm test:native: the tests of operations and of learning on the native backend. They select it by name, so they fail
// with the diagnosis where it is not there.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const vitest = join(
  createRequire(join(root, 'package.json')).resolve('vitest/package.json'),
  '../vitest.mjs',
);
const suites = [
  'packages/backend',
  'packages/nn',
  'packages/distributions',
  'packages/agents',
  'packages/pgm/src/variational',
];
const { status } = spawnSync(process.execPath, [vitest, 'run', ...suites, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, MAXENT_TEST_BACKEND: 'native' },
});
process.exit(status ?? 1);
