import { expect, test } from 'vitest';
import * as z from 'zod';
import { parseArguments } from './parse-arguments.js';

const command = {
  input: z.object({
    agent: z.string().optional(),
    environment: z.string(),
    steps: z.int().positive().default(10),
    evalEvery: z.int().positive().default(5),
    stopAt: z.number().optional(),
    resume: z.boolean().default(false),
    set: z.array(z.string()).default([]),
    backend: z.enum(['auto', 'wasm']).default('auto'),
    to: z.enum(['file', 'table']).default('file').meta({ bare: 'table' }),
  }),
  positionals: ['agent'],
};
const parse = (...args: string[]) => parseArguments(args, command);
const defaults = { steps: 10, evalEvery: 5, resume: false, set: [], backend: 'auto', to: 'file' };

test.each([
  [['--environment', 'E'], { ...defaults, environment: 'E' }],
  [
    ['sac', '--environment=E', '--eval-every', '7'],
    { ...defaults, agent: 'sac', environment: 'E', evalEvery: 7 },
  ],
  [
    ['--environment', 'E', '--set', 'a=1', 'sac', '--set=b=2'],
    { ...defaults, agent: 'sac', environment: 'E', set: ['a=1', 'b=2'] },
  ],
  [
    ['--environment', 'E', '--stop-at', '-200', '--resume'],
    { ...defaults, environment: 'E', stopAt: -200, resume: true },
  ],
  [['--environment', '-'], { ...defaults, environment: '-' }],
  [['--to', '--environment', 'E'], { ...defaults, environment: 'E', to: 'table' }],
  [['--environment', 'E', '--to'], { ...defaults, environment: 'E', to: 'table' }],
  [['--environment', 'E', '--to', 'file', 'sac'], { ...defaults, environment: 'E', agent: 'sac' }],
])('%j', (args, input) => {
  expect(parse(...args).input()).toEqual(input);
});

test('common options are read even when the input is not usable', () => {
  const { common, textOf } = parse(
    'sac',
    '--steps',
    '-1',
    '--json',
    '-h',
    '--plugin',
    'a',
    '--plugin=b',
    '--nonsense',
  );
  expect(common).toEqual({ json: true, help: true, events: false, plugins: ['a', 'b'] });
  expect(['agent', 'steps', 'environment'].map(textOf)).toEqual(['sac', '-1', undefined]);
});

test.each([
  [[], /^--environment: is required/],
  [['--environment', 'E', '--steps', '-5'], /^--steps: .*>0.*got -5/],
  [['--environment', 'E', '--steps', '2.5'], /^--steps: .*got 2\.5/],
  [['--environment', 'E', '--steps', 'many'], /^--steps: .*got "many"/],
  [['--environment', 'E', '--steps', ''], /^--steps: .*got ""/],
  [['--environment', 'E', '--steps'], /^--steps: needs a value/],
  [['--environment', '--json'], /^--environment: needs a value \(string\): --environment ENVIRONMENT/],
  [['--environment', 'E', '--backend', 'gpu'], /^--backend: .*auto.*wasm.*got "gpu"/],
  [['--environment', 'E', '--step', '5'], /^unknown option "--step"\. Did you mean "--steps"/],
  [
    ['--environment', 'E', '--evalEvery', '5'],
    /^unknown option "--evalEvery"\. Did you mean "--eval-every"\?/,
  ],
  [['--environment', 'E', '-x'], /^unknown option "-x"/],
  [['--environment', 'E', '--steps', '5', '--steps', '6'], /^--steps: given twice/],
  [['--environment', 'E', '--resume=yes'], /^--resume: takes no value/],
  [['sac', 'dqn', '--environment', 'E'], /^arguments: unexpected "dqn"; this command takes AGENT/],
])('%j is an error', (args, message) => {
  expect(() => parse(...args).input()).toThrow(message);
});
