import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Agent, type AgentDefinition, Box, type PolicyDescription, Registry } from '@maxent/core';
import { readPolicy } from '@maxent/policy';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { exportAnswer } from './answer.js';
import { formatTable } from './format-table.js';

const settings = ['hiddenSizes=[8]', 'batchSize=8', 'learningStarts=10', 'replayCapacity=100'];
const train = [
  ...['train', 'sac', '--env', 'Pendulum-v1', '--steps', '30', '--seed', '1', '--out', 'run'],
  ...['--eval-every', '30', '--eval-episodes', '1', '--json'],
  ...settings.flatMap((setting) => ['--set', setting]),
];
async function trainedRun(): Promise<string> {
  const directory = await temporaryDirectory();
  expect((await runInProcess(train, { directory })).exitCode).toBe(0);
  return directory;
}

const observation = [0.6, 0.8, -1];

describe('maxent export', () => {
  const title = 'writes a policy that says where it comes from, a module that acts alike, and a model';
  test(title, { timeout: 90_000 }, async () => {
    const directory = await trainedRun();
    const args = ['export', 'run', '--out', 'policy.safetensors', '--json'];
    const { json } = await runInProcess(args, { directory });
    const bytes = await readFile(join(directory, 'policy.safetensors'));
    expect(exportAnswer.parse(json)).toEqual({
      out: 'policy.safetensors',
      format: 'policy',
      agent: 'sac',
      step: 30,
      bytes: bytes.length,
    });
    const file = readPolicy(bytes);
    expect(file.provenance).toMatchObject({ environment: 'Pendulum-v1', seed: 1, steps: 30 });

    await runInProcess(['export', 'run', '--to', 'js', '--out', 'policy.mjs'], { directory });
    const { policy } = await import(pathToFileURL(join(directory, 'policy.mjs')).href);
    expect(policy.act(observation)).toEqual(file.act(observation));

    const told = await runInProcess(['export', 'run', '--to', 'onnx', '--out', 'policy.onnx'], { directory });
    expect(told.err).toContain('note: onnx leaves out samples');
    expect(told.out).toContain('wrote policy.onnx: sac after 30 steps');
    expect((await readFile(join(directory, 'policy.onnx'))).length).toBeGreaterThan(300);

    for (const [args, field] of [
      [['run'], '--out'],
      [['run', '--to', '--out', 'other'], '--to'],
      [['--to', 'js', '--out', 'other'], 'RUN_DIR'],
    ] as const) {
      const refused = await runInProcess(['export', ...args, '--json'], { directory });
      expect([refused.exitCode, refused.json.error.field]).toEqual([2, field]);
    }
  });

  test('without a run, prints what every agent can be written as', async () => {
    const directory = await temporaryDirectory();
    const { json } = await runInProcess(['export', '--json'], { directory });
    const { formats } = json as { formats: Record<string, string>[] };
    const listed = await runInProcess(['list', 'agents', '--json'], { directory });
    expect(formats.map(({ agent }) => agent)).toEqual(
      (listed.json.agents as { name: string }[]).map(({ name }) => name),
    );
    expect(formats.find(({ agent }) => agent === 'pearl')).toEqual({
      agent: 'pearl',
      policy: 'yes',
      js: 'yes',
      onnx: 'yes, without samples and infer(context); the task is an input',
    });
    const { out } = await runInProcess(['export'], { directory });
    expect(out).toMatch(/^sac +policy: yes; onnx: yes, without samples; js: yes$/m);
    expect((await runInProcess(['export', '--to'], { directory })).out).toBe(out);
    expect((await runInProcess(['export', '--to', '--json'], { directory })).json).toEqual(json);
  });

  test('says why an agent cannot be written', async () => {
    const agent = (name: string, policy: Partial<Agent>): AgentDefinition => ({
      name,
      description: name,
      config: z.object({}),
      create: () => ({
        act: () => 0,
        observe: () => undefined,
        update: () => ({ gradientSteps: 0, metrics: () => ({}) }),
        save: () => ({ arrays: {}, metadata: {} }),
        load: () => undefined,
        dispose: () => undefined,
        ...policy,
      }),
    });
    const box = new Box({ low: [-1], high: [1] });
    const spaces = { observationSpace: box, actionSpace: box };
    const unsquashed = { agent: 'bell', ...spaces, layers: [], head: { type: 'gaussian' }, tensors: {} };
    const describePolicy = () => unsquashed as unknown as PolicyDescription;
    const agents = [agent('silent', {}), agent('bell', { describePolicy })];
    const no = (agent: string, problem: RegExp) => {
      const why = expect.stringMatching(problem);
      return { agent, policy: why, onnx: why, js: why };
    };
    expect(await formatTable(new Registry([{ name: 'theirs', agents }]))).toEqual([
      no('silent', /^no: it has no describePolicy$/),
      no('bell', /^no: description: .*"gaussian" is unknown here/),
    ]);
  });
});
