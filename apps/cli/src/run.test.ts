import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from './commands/index.js';
import { errorAnswer } from './errors/error-answer.js';
import { runInProcess } from './test-support/run-in-process.js';
import { version } from './version.js';

const directory = mkdtempSync(join(tmpdir(), 'maxent-cli-'));
/** No system takes it for a path. */
const LONG = 'a'.repeat(100_000);
const TOO_LONG = 'expected a path of at most 4096 bytes, with at most 255 in each name, got "';
const maxent = (...args: string[]) => runInProcess(args, { directory });

test('help names every command', async () => {
  const { exitCode, out } = await maxent('--help');
  expect(exitCode).toBe(0);
  for (const name of Object.keys(commands)) expect(out).toContain(`\n  ${name} `);
});

test('without a command, help and the exit code of a usage error', async () => {
  const { exitCode, out } = await maxent();
  expect(exitCode).toBe(2);
  expect(out).toContain('Usage: maxent COMMAND');
});

test('version', async () => {
  expect((await maxent('--version')).out).toBe(`${version}\n`);
  expect((await maxent('--version', '--json')).json).toEqual({ version });
});

test.each(Object.keys(commands))('%s --help shows its options', async (name) => {
  const { exitCode, out } = await maxent(name, '--help');
  expect(exitCode).toBe(0);
  expect(out).toContain(`Usage: maxent ${name}`);
  expect(out).toContain('--json');
});

test('help with --json is one document', async () => {
  const { json } = await maxent('list', '--help', '--json');
  expect(json.help).toContain('Usage: maxent list KIND');
});

test.each<[string[], string | undefined, string]>([
  [['trian'], 'command', 'unknown command "trian". Did you mean "train"?'],
  [['list', 'agent'], 'kind', 'unknown kind "agent". Did you mean "agents"?'],
  [['list'], 'KIND', 'KIND: is required'],
  [['eval', LONG], 'RUN_DIR', TOO_LONG],
  [['adapt', LONG], 'RUN_DIR', TOO_LONG],
  [['report', LONG], 'RUN_DIR', TOO_LONG],
  [['report', 'runs', '--curve', `${LONG}.svg`], '--curve', TOO_LONG],
  [['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--out', LONG], '--out', TOO_LONG],
  [['train', '--resume', '--out', `runs/${'a'.repeat(256)}`], '--out', TOO_LONG],
  [['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--out', 'a/'.repeat(2_049)], '--out', TOO_LONG],
  [['solve', 'FrozenLake-v1', '--html', LONG], '--html', TOO_LONG],
  [
    ['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--env-set', 'gravity=1e400'],
    'environment.gravity',
    'expected finite number, got Infinity (numbers beyond 1.8e308 overflow)',
  ],
  [['list', 'agents', '--jsn'], 'option', 'unknown option "--jsn". Did you mean "--json"?'],
  [
    ['train', 'sax', '--env', 'Pendulum-v1', '--steps', '9'],
    'agent',
    'unknown agent "sax". Did you mean "sac"',
  ],
  [
    ['train', 'sac', '--env', 'Pendulum-v2', '--steps', '9'],
    'environment',
    'unknown environment "Pendulum-v2". Did you mean "Pendulum-v1"',
  ],
  [['train', 'sac', '--env', 'Pendulum-v1'], '--steps', '--steps: is required'],
  [['train', 'sac', '--steps', '9'], '--env', '--env: is required'],
  [['train', '--env', 'Pendulum-v1', '--steps', '9'], 'AGENT', 'AGENT: is required'],
  [['train', 'sac', '--env', 'Pendulum-v1', '--steps', '-9'], '--steps', '--steps: expected number to be >'],
  [
    ['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--seed', '-1'],
    '--seed',
    '--seed: expected number to be >=',
  ],
  [
    ['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--preset', 'quickstart'],
    'preset',
    'unknown preset "quickstart". Did you mean "quick-start"?',
  ],
  [
    ['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--set', 'batchsize=9'],
    'agent.batchsize',
    'agent.batchsize: unknown key; did you mean batchSize?',
  ],
  [
    ['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--set', 'batchSize=big'],
    'agent.batchSize',
    'expected integer > 0, got "big", such as --set batchSize=256',
  ],
  [
    ['train', 'sac', '--env', 'Pendulum-v1', '--steps', '9', '--env-set', 'gravty=1'],
    'environment.gravty',
    'environment.gravty: unknown key; did you mean gravity?',
  ],
  [['train', 'sac', '--env', 'CartPole-v1', '--steps', '9'], undefined, 'sac'],
  [['train', '--resume'], '--out', '--out: is required with --resume'],
  [['train', '--resume', '--out', 'nowhere'], '--out', 'holds no run'],
  [['eval', 'nowhere'], 'RUN_DIR', 'holds no run'],
  [['report', 'nowhere'], 'RUN_DIR', 'holds no run'],
  [['report'], 'RUN_DIR', 'RUN_DIR: is required'],
  [['report', 'nowhere', '--curve', 'curve.png'], '--curve', '--curve: '],
  [['rollout', 'Pendulum-v1', '--input', 'nowhere.json'], '--input', 'nowhere.json (ENOENT)'],
])('%j is a usage error', async (args, field, message) => {
  const { exitCode, out, err, json } = await maxent(...args, '--json');
  expect(exitCode).toBe(2);
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  expect(errorAnswer.parse(json).error.field).toBe(field);
  expect(json.error.message).toContain(message);
  expect(err).toContain(json.error.message);
});

test('without --json an error leaves standard output empty', async () => {
  const { exitCode, out, err } = await maxent('list', 'nonsense');
  expect([exitCode, out]).toEqual([2, '']);
  expect(err).toMatch(/^maxent: unknown kind "nonsense"/);
});
