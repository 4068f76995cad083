#!/usr/bin/env node
// Runs every agent briefly in an earlier commit and in this checkout, and compares the results bit for bit: a
// refactoring or an unrelated fix must not change them. `pnpm unchanged COMMIT [AGENT ...]`, after `pnpm build`.
//
// It compares all fields of the earlier metrics.jsonl, except wall-clock ones, and the agent's arrays in the last
// checkpoint: weights, moments, temperature, random numbers. New fields are allowed, and new arrays and agents are listed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeSafetensors } from '@maxent/core';
import { timeless } from '../dist/compare-runs.js';
import { withEarlierCommit } from '../dist/earlier-commit.js';

const here = fileURLToPath(new URL('../../..', import.meta.url));

const settings = (values) =>
  Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]);
const hidden = { hiddenSizes: [32, 32] };
const small = { ...hidden, learningStarts: 200, batchSize: 32 };
const pearl = {
  ...{ hiddenSizes: [16], encoderHiddenSizes: [16], metaBatchSize: 2, batchSize: 16, contextSize: 16 },
  ...{ initialSteps: 20, priorSteps: 20, posteriorSteps: 20, extraSteps: 20, updatesPerIteration: 100 },
  ...{ tasksPerIteration: 2, replayCapacity: 500, trainTasks: 3, testTasks: 2, explorationEpisodes: 2 },
};

/** Arguments of `maxent train` after the agent's name. */
const runs = {
  sac: ['--env', 'HalfCheetah-v5', '--steps', '1400', ...settings({ learningStarts: 1000 })],
  sql: ['--env', 'Pendulum-v1', '--steps', '500', ...settings(small)],
  crossq: ['--env', 'Pendulum-v1', '--steps', '500', ...settings({ ...small, criticHiddenSizes: [32, 32] })],
  meow: ['--env', 'Pendulum-v1', '--steps', '500', ...settings(small)],
  'q-learning': ['--env', 'FrozenLake-v1', '--steps', '3000'],
  'soft-q-learning': ['--env', 'FrozenLake-v1', '--steps', '3000'],
  dqn: ['--env', 'CartPole-v1', '--steps', '1500', ...settings({ ...hidden, learningStarts: 200 })],
  'soft-dqn': ['--env', 'CartPole-v1', '--steps', '1500', ...settings({ ...hidden, learningStarts: 200 })],
  'discrete-sac': ['--env', 'CartPole-v1', '--steps', '1000', ...settings(small)],
  lsp: ['--env', 'Pendulum-v1', '--steps', '500', ...settings(small)],
  pearl: ['--family', 'PointRobot', '--steps', '300', ...settings(pearl)],
};

const { positionals } = parseArgs({ allowPositionals: true });
const [commit, ...chosen] = positionals;
const unknown = chosen.filter((agent) => !Object.hasOwn(runs, agent));
if (commit === undefined || unknown.length > 0) {
  process.stderr.write(
    `${unknown.length > 0 ? `unknown agent ${unknown.join(', ')}\n` : ''}` +
      `Usage: pnpm unchanged COMMIT [AGENT ...]\nAgents: ${Object.keys(runs).join(', ')}\n`,
  );
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'maxent-unchanged-'));
try {
  await withEarlierCommit(commit, here, (earlier) => {
    const known = agentsOf(earlier);
    let changed = 0;
    for (const agent of chosen.length > 0 ? chosen : Object.keys(runs)) {
      if (!known.includes(agent)) {
        process.stdout.write(`${agent}: new, the earlier commit does not have it\n`);
        continue;
      }
      const [before, now] = [earlier, here].map((checkout, i) => train(checkout, agent, i));
      const { differences, compared } = compare(before, now);
      changed += differences.length > 0 ? 1 : 0;
      process.stdout.write(
        `${agent}: ${differences.length === 0 ? `the same: ${compared}` : differences.slice(0, 5).join('\n  ')}\n`,
      );
    }
    process.exitCode = changed > 0 ? 1 : 0;
  });
} finally {
  rmSync(scratch, { recursive: true });
}

/** Names of the agents that a checkout has. */
function agentsOf(checkout) {
  const answer = execFileSync(process.execPath, [programOf(checkout), 'list', 'agents', '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(answer).agents.map(({ name }) => name);
}

function programOf(checkout) {
  return join(checkout, 'apps/cli/dist/bin.js');
}

/** Trains and returns the rows and the agent's arrays. */
function train(checkout, agent, i) {
  const out = join(scratch, `${agent}-${i}`);
  const arguments_ = [
    'train',
    agent,
    ...runs[agent],
    '--seed',
    '1',
    '--backend',
    'wasm',
    '--out',
    out,
    '--json',
  ];
  // Kernels whose multiply-adds are rounded as in a commit that had no others.
  const env = { ...process.env, MAXENT_KERNELS: process.env.MAXENT_KERNELS ?? 'wasm' };
  execFileSync(process.execPath, [programOf(checkout), ...arguments_], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const rows = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n').map(parseRow);
  const checkpoints = join(out, 'checkpoints');
  const steps = readdirSync(checkpoints).flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? []);
  const newest = Math.max(...steps.map(Number));
  const { tensors } = decodeSafetensors(
    readFileSync(join(checkpoints, `step-${newest}`, 'arrays.safetensors')),
  );
  const arrays = Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith('agent/')));
  return { rows, arrays };
}

function compare(before, now) {
  const differences = [];
  let fields = 0;
  if (before.rows.length !== now.rows.length) {
    differences.push(`metrics.jsonl had ${before.rows.length} rows and has ${now.rows.length}`);
  }
  for (const [i, row] of before.rows.entries()) {
    const other = flat(now.rows[i] ?? {});
    for (const [name, value] of Object.entries(flat(row))) {
      if (!Object.hasOwn(other, name)) differences.push(`row ${i + 1}: ${name} is gone`);
      else if (!Object.is(other[name], value)) {
        differences.push(`row ${i + 1}: ${name} was ${value} and is ${other[name]}`);
      }
      fields++;
    }
  }
  for (const [name, { data }] of Object.entries(before.arrays)) {
    const other = now.arrays[name]?.data;
    if (other === undefined) differences.push(`array ${name} is gone`);
    else if (!bytesOf(data).equals(bytesOf(other))) {
      differences.push(`array ${name} differs`);
    }
  }
  const added = Object.keys(now.arrays).filter((name) => !Object.hasOwn(before.arrays, name));
  const more = added.length > 0 ? `; new arrays: ${added.join(', ')}` : '';
  return {
    differences,
    compared: `${fields} fields of ${before.rows.length} rows, ${Object.keys(before.arrays).length} arrays${more}`,
  };
}

function bytesOf({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function parseRow(line) {
  return timeless(JSON.parse(line));
}

/** Numbers and texts under dotted names. */
function flat(value, prefix = '') {
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, part]) =>
      typeof part === 'object' && part !== null ? flat(part, `${prefix}${key}.`) : { [prefix + key]: part },
    ),
  );
}
