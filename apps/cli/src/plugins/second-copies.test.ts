import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as core from '@maxent/core';
import { checkPlugin } from '@maxent/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { writeForeignPlugin } from '../test-support/foreign-plugin.js';
import { runInProcess } from '../test-support/run-in-process.js';

let directory: string;
let foreign: { plugin: core.Plugin; core: typeof core; z: typeof z };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-copies-'));
  const path = await writeForeignPlugin(directory);
  foreign = await import(/* @vite-ignore */ pathToFileURL(path).href);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const maxent = (...args: string[]) => runInProcess([...args, '--plugin', './plugin.mjs'], { directory });

test('the copies are real ones: no class is shared', () => {
  expect(foreign.core.Box).not.toBe(core.Box);
  expect(foreign.core.Rng).not.toBe(core.Rng);
  expect(foreign.core.MaxentError).not.toBe(core.MaxentError);
  expect(new foreign.core.Discrete(2)).not.toBeInstanceOf(core.Discrete);
  expect(foreign.z.ZodObject).not.toBe(z.ZodObject);
  expect(foreign.z.never().constructor).not.toBe(z.never().constructor);
});

describe('a plugin with its own copies of @maxent/core and zod', () => {
  const small = [
    '--steps',
    '40',
    '--seed',
    '1',
    '--json',
    '--set',
    'learningStarts=10',
    '--set',
    'batchSize=4',
  ];
  const deep = [...small, '--set', 'hiddenSizes=[4,4]', '--set', 'replayCapacity=50'];

  test.each([
    ['sac', 'ForeignBox-v0', deep],
    ['dqn', 'ForeignDict-v0', deep],
    ['discrete-sac', 'ForeignDiscrete-v0', deep],
    ['q-learning', 'ForeignDiscrete-v0', small.slice(0, 5)],
    ['constant', 'ForeignBox-v0', [...small.slice(0, 5), '--set', 'speed=0.5', '--env-set', 'length=4']],
  ])('trains %s on %s, evaluates it and resumes', async (agent, env, settings) => {
    const out = `run-${agent}`;
    const trained = await maxent('train', agent, '--env', env, '--out', out, ...settings);
    expect([trained.err, trained.exitCode]).toEqual([trained.err, 0]);
    expect(trained.json).toMatchObject({ steps: 40 });
    if (agent !== 'constant') expect(trained.json.updates).toBeGreaterThan(0);
    const evaluated = await maxent('eval', out, '--episodes', '2', '--json');
    expect([evaluated.err, evaluated.exitCode]).toEqual([evaluated.err, 0]);
    const resumed = await maxent('train', '--resume', '--steps', '50', '--out', out, '--json');
    expect([resumed.err, resumed.json?.steps]).toEqual([resumed.err, 50]);
  });

  test('shows its settings in help, and checks them', async () => {
    const help = await maxent('train', 'constant', '--env', 'ForeignBox-v0', '--help');
    expect(help.out).toMatch(/speed +the action .*number >= 0/);
    expect(help.out).toMatch(/length +steps of an episode .*integer > 0/);
    const wrong = await maxent('train', 'constant', '--env', 'ForeignBox-v0', '--set', 'speed=-1', '--json');
    expect([wrong.exitCode, wrong.json.error.field]).toEqual([2, 'agent.speed']);
    const unknown = await maxent('train', 'constant', '--env', 'ForeignBox-v0', '--set', 'sped=1', '--json');
    expect([unknown.exitCode, unknown.json.error.message]).toEqual([2, expect.stringContaining('speed')]);
  });

  test.each([
    ['make', 2, { code: 'INVALID_INPUT', field: 'fail' }],
    ['step', 1, { code: 'ENVIRONMENT_FAULT' }],
  ])('its own errors keep their codes: %s', async (fail, exitCode, error) => {
    const args = [
      'constant',
      '--env',
      'ForeignBox-v0',
      '--steps',
      '5',
      '--json',
      '--env-set',
      `fail=${fail}`,
    ];
    const failed = await maxent('train', ...args, '--out', `run-${fail}`);
    expect([failed.exitCode, failed.json]).toMatchObject([exitCode, { error }]);
  });

  test('both copies recognize each other', async () => {
    expect(core.isMaxentError(new foreign.core.InvalidInputError('a', 'b'), 'INVALID_INPUT')).toBe(true);
    expect(foreign.core.isMaxentError(new core.PluginError('a'), 'PLUGIN')).toBe(true);
    expect(core.isBox(new foreign.core.Box({ low: 0, high: 1, shape: [2] }))).toBe(true);
    const report = await checkPlugin({ ...foreign.plugin, environments: [] });
    expect(report.passed).toContain('agent constant: config has defaults and descriptions');
  });
});

test.each([
  ['zod 3', "import { z } from 'zod-3'; const options = z.object({});", 'options was made with zod 3'],
  ['no schema', 'const options = {};', 'options must be a zod 4 object schema, z.object({ ... }), got {}'],
  [
    'another schema',
    "import { z } from 'zod'; const options = z.string();",
    'got a zod schema of type "string"',
  ],
])('options of %s are refused with what to do', async (name, schema, problem) => {
  const definition = "{ id: 'A-v0', description: 'a', options, maxEpisodeSteps: null, create: () => {} }";
  const text = `${schema}\nexport const plugin = { name: 'old', environments: [${definition}] };\n`;
  await writeFile(join(directory, `${name}.mjs`), text);
  const { exitCode, json } = await runInProcess(
    ['list', 'environments', '--plugin', `./${name}.mjs`, '--json'],
    { directory },
  );
  expect([exitCode, json.error.code]).toEqual([2, 'PLUGIN']);
  expect(json.error.message).toContain(problem);
});
