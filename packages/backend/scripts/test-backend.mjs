// node packages/backend/scripts/test-backend.mjs native|wasm|cpu [FILE ...]: runs the tests of operations and of
// learning (or the given files) on one backend. They select it by name, so if it cannot run they fail with the
// diagnosis.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const vitest = dirname(createRequire(join(root, 'package.json')).resolve('vitest/package.json'));
const suites = [
  'packages/backend',
  'packages/nn',
  'packages/distributions',
  'packages/agents',
  'packages/hierarchy',
  'packages/pgm/src/variational',
  'apps/lab/src/bench/native-process',
  'apps/lab/src/complete-agent',
];
const [backend, ...files] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [join(vitest, 'vitest.mjs'), 'run', ...(files.length > 0 ? files : suites)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, MAXENT_TEST_BACKEND: backend } },
);
process.exit(status ?? 1);
