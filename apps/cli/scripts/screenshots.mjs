// pnpm screenshots [FOLDER]: pictures of every page, on a phone and a desk, light and dark. Default: screenshots.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = resolve(process.env.INIT_CWD ?? '.', process.argv[2] ?? 'screenshots');
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'apps/cli/src/pages.test.ts', '--typecheck.enabled=false'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MAXENT_SCREENSHOTS: folder, MAXENT_REQUIRE_BROWSER: '1' },
  },
);
process.stdout.write(`the pictures are in ${folder}\n`);
process.exitCode = status ?? 1;
