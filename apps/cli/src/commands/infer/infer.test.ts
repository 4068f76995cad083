import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inferAnswer } from '../../models/index.js';
import { inferCommand } from '../../test-support/infer.js';
import {
  chainOfThree,
  forest,
  healthClinic,
  localLevel,
  scalarRegulator,
  smallGrid,
} from '../../test-support/models.js';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';

test('reads a file, and names it when it cannot', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'model.json'), `\uFEFF${JSON.stringify(localLevel)}`);
  const { out } = await runInProcess(['infer', 'model.json'], { directory });
  expect(out).toBe(
    [
      'log-likelihood  -5.232',
      '',
      '  t       smoothed 0',
      '  0  0.9231 ± 0.6202',
      '  1   1.769 ± 0.6794',
      '  2   2.385 ± 0.7845',
      '',
    ].join('\n'),
  );
  const missing = await runInProcess(['infer', 'nowhere.json', '--json'], { directory });
  expect([missing.exitCode, missing.json.error.field]).toEqual([2, 'MODEL']);
  expect(missing.json.error.message).toContain('nowhere.json (ENOENT)');
});

test('the example models work', async () => {
  const directory = fileURLToPath(new URL('../../../../examples/models', import.meta.url));
  const names = await readdir(directory);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const { exitCode, json } = await runInProcess(['infer', name, '--json'], { directory });
    expect([name, exitCode]).toEqual([name, 0]);
    inferAnswer.parse(json);
  }
});

test('a long table shows its beginning', async () => {
  const { out } = await inferCommand({ ...healthClinic, observations: Array(30).fill(0) });
  expect(out).toContain('... 10 more; --json shows everything');
});

test('draws a gridworld in the terminal', async () => {
  const { out } = await inferCommand(smallGrid, '--plot');
  expect(out).toContain('V and policy at t = 0, from -2 to -1\n  -2↓ █ -1↓\n█ -1→\n');
  expect(out).toContain('State marginals at t = 3, from 0 to 1');
});

test('with --json the drawing goes to the error stream', async () => {
  const { json, err } = await inferCommand(smallGrid, '--plot', '--json');
  expect(json.V[0]).toEqual([-2, -1, -1, 0]);
  expect(err).toContain('V and policy at t = 0');
});

test('writes a page that needs no network', async () => {
  const directory = await temporaryDirectory();
  const grid = { ...smallGrid, inference: 'variational', grid: { rows: 2, columns: 2, tiles: 'S.<G' } };
  const models = {
    forest,
    healthClinic,
    localLevel,
    chainOfThree,
    scalarRegulator,
    grid,
    endless: { ...forest, horizon: null, discount: 0.9, inference: 'variational' },
  };
  for (const [name, model] of Object.entries(models)) {
    await writeFile(join(directory, `${name}.json`), JSON.stringify(model));
    const args = ['infer', `${name}.json`, '--plot', '--html', `${name}.html`];
    const { exitCode, out } = await runInProcess(args, { directory });
    expect(exitCode).toBe(0);
    const page = await readFile(join(directory, `${name}.html`), 'utf8');
    expect(page).toContain(`<title>${name} (${model.kind})</title>`);
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<link|src=|url\(|https?:\/\/(?!www\.w3\.org)/);
    expect(page + out).not.toMatch(/NaN|undefined/);
  }
  expect(await readFile(join(directory, 'grid.html'), 'utf8')).toContain('&lt;');
});

test('says where a page cannot be written', async () => {
  const { exitCode, json } = await inferCommand(smallGrid, '--html', 'nowhere/page.html', '--json');
  expect([exitCode, json.error.field]).toEqual([2, '--html']);
});
