import { execFileSync } from 'node:child_process';
import { broken, type Check } from '../../checks.js';
import { describeMachine } from '../../machine.js';
import { median } from '../../statistics.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import { BenchmarkFailedError } from '../benchmark.js';
import { requireCommandLine } from '../command-line.js';
import { runPython } from '../run-python.js';
import { compareRollouts, type Rollout } from './compare-rollouts.js';

const STARTS = 5;
const STEPS = 20;
const LARGEST_DIFFERENCE = 1e-6;

/** What peers/gymnasium_rollouts.py prints. */
interface GymnasiumRollouts {
  readonly versions: Readonly<Record<string, string>>;
  readonly tasks: readonly {
    readonly id: string;
    /** Values of `--env-set`. */
    readonly envSet: readonly string[];
    readonly rollouts: readonly { readonly input: object; readonly expected: Rollout }[];
  }[];
}

/**
 * Answers of `maxent rollout ID --input FILE --json` against Gymnasium's results for the same states and actions: all
 * MuJoCo tasks, classic control and toy text, random states and actions, up to 20 steps. Fails if an observation, a
 * reward or a number in an info differs by more than 1e-6 (relative for numbers above 1). Throws BenchmarkFailedError
 * if an episode ends at another step.
 */
export const rolloutParity: Benchmark = {
  description: 'answers of `maxent rollout` against Gymnasium for random states and actions, every task',
  run,
};

async function run({ python, progress }: BenchOptions): Promise<BenchAnswer> {
  const commandLine = requireCommandLine();
  progress?.('running Gymnasium');
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const theirs = runPython(interpreter, 'gymnasium_rollouts.py', [STARTS, STEPS]) as GymnasiumRollouts;
  const rows: BenchRow[] = [];
  const checks: Check[] = [];
  for (const { id, envSet, rollouts } of theirs.tasks) {
    progress?.(`running ${id}`);
    const runs = rollouts.map(({ input, expected }) =>
      compareRollouts(id, rollOut(commandLine, id, envSet, input), expected),
    );
    rows.push({ label: id, median: median(runs), unit: 'largest difference', runs });
    checks.push({ name: id, value: Math.max(...runs), limit: LARGEST_DIFFERENCE, must: 'be at most' });
  }
  const steps = theirs.tasks.flatMap(({ rollouts }) =>
    rollouts.map(({ expected }) => expected.rewards.length),
  );
  return {
    name: 'rollout-parity',
    machine: describeMachine(),
    versions: { ...theirs.versions, node: process.versions.node },
    rows,
    ratios: {},
    failures: broken(checks),
    notes: [
      `maxent rollout ID --input - --json in a process of its own for each of ${steps.length} rollouts, ${steps.reduce((sum, count) => sum + count, 0)} steps in all`,
      'largest difference of observations, rewards and infos from Gymnasium, relative for numbers above 1; terminated is the same everywhere',
      'worlds that slip are compared without slipping; their tables are compared by the tests of packages/envs',
    ],
  };
}

function rollOut(commandLine: string, id: string, envSet: readonly string[], input: object): Rollout {
  const settings = envSet.flatMap((setting) => ['--env-set', setting]);
  const args = [commandLine, 'rollout', id, '--input', '-', '--json', ...settings];
  try {
    const output = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      input: JSON.stringify(input),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return JSON.parse(output) as Rollout;
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    throw new BenchmarkFailedError(`maxent rollout ${id}: ${stderr?.trim() || message}`, { cause });
  }
}
