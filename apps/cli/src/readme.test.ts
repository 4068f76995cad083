import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const readme = new URL('../../../README.md', import.meta.url);
/** Lies inside this package, so that the example finds it by name as a dependent would. */
const cli = fileURLToPath(new URL('../', import.meta.url));

it("runs the README's library example, shortened, on the built packages", {
  timeout: 120_000,
}, async (context) => {
  if (!existsSync(join(cli, 'dist'))) context.skip('the packages are not built; pnpm build makes them');
  const [, example] = /```ts\n(.*?)```/s.exec(await readFile(readme, 'utf8'))!;
  const short = `${example!.replace('steps: 6_000', 'steps: 400')}\nconsole.log(bytes.length, action.length);\n`;
  expect(short).toContain('steps: 400');
  const directory = await mkdtemp(join(cli, 'dist', 'readme-'));
  try {
    const file = join(directory, 'example.mjs');
    await writeFile(file, short);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toMatch(/^-\d+\.\d+\n\d+ 1\n$/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
