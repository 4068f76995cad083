import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { stationaryAnswer } from './answer.js';

const directory = process.cwd();
const maxent = (...args: string[]) => runInProcess(['solve', ...args], { directory });

/** The answer with `--json`, which fits its published schema. */
async function solve(...args: string[]) {
  const { exitCode, json } = await maxent(...args, '--json');
  expect(exitCode).toBe(0);
  const { startValue, V, policy, iterations, residual } = stationaryAnswer.parse(json);
  expect(policy).toHaveLength(V.length);
  expect(iterations).toBeGreaterThan(0);
  expect(residual).toBeLessThan(1e-9);
  return { startValue, V, policy };
}

test('the frozen lake', async () => {
  const { startValue, V, policy } = await solve('FrozenLake-v1', '--inference', 'hard', '--discount', '0.99');
  expect(startValue).toBeCloseTo(0.542026, 6);
  expect(V[0]).toBe(startValue);
  expect([V[5], V[15]]).toEqual([0, 0]);
  expect(policy[0]).toEqual([1, 0, 0, 0]);
});

test.each([
  'FrozenLake-v1',
  'FrozenLake8x8-v1',
  'GridWorld-v0',
  'CliffWalking-v1',
  'Taxi-v4',
  'Chain-v0',
  'Lottery-v0',
])('answers %s with its defaults', async (environment) => {
  await solve(environment);
});

test('at a low temperature every arrow of the default gridworld shortens the way to the goal', async () => {
  const { policy } = await solve('GridWorld-v0', '--temperature', '0.1');
  const best = (row: readonly unknown[]) => row.indexOf(Math.max(...row.map(Number)));
  // Up along the left column, then right along the top row; 0 is up, 1 right.
  expect([8, 4, 0, 1, 2].map((state) => best(policy[state]!))).toEqual([0, 0, 1, 1, 1]);
});

test('says that entropy pays for living where it does', async () => {
  const args = ['GridWorld-v0', '--temperature', '0.1', '--discount', '0.9'];
  const { json } = await maxent(...args, '--action-prior', 'none', '--json');
  expect(json.note).toContain('every step earns up to 0.1386 of entropy (temperature times log 4)');
  expect((await maxent(...args, '--action-prior', 'none')).out).toContain('every step earns up to 0.1386');
  expect((await maxent(...args, '--json')).json.note).toBeUndefined();
});

test('the lake holds options, and its time limit plays no part', async () => {
  const dry = ['FrozenLake-v1', '--env-set', 'slippery=false', '--inference', 'hard'];
  expect((await solve(...dry, '--discount', '0.9')).startValue).toBeCloseTo(0.9 ** 5, 12);
});

test('the shortest way along the cliff, and a safer one', async () => {
  expect((await solve('CliffWalking-v1', '--inference', 'hard')).startValue).toBe(-13);
  const soft = await solve('CliffWalking-v1', '--discount', '0.9', '--action-prior', 'uniform');
  expect(soft.startValue).toBeLessThan(-7);
});

test('the start of Taxi is a mean over all of its starts', async () => {
  const { startValue, V } = await solve('Taxi-v4', '--inference', 'hard');
  expect(V).toHaveLength(500);
  expect(startValue).toBeCloseTo(7.93, 2);
});

test('a discount of the exact posterior can be read as termination', async () => {
  const args = ['GridWorld-v0', '--inference', 'exact', '--discount', '0.9'];
  const optimistic = await solve(...args, '--discount-as', 'termination', '--action-prior', 'uniform');
  const faithful = await solve('GridWorld-v0', '--discount', '0.9', '--action-prior', 'uniform');
  expect(optimistic.startValue).toBeGreaterThan(faithful.startValue as number);
  const { exitCode, json } = await maxent(...args, '--json');
  expect([exitCode, json.error.field]).toEqual([2, '--discount']);
  expect(json.error.message).toContain('termination');
});

test.each([
  [['FrozenLake-v2'], 'environment', 'Did you mean'],
  [['Pendulum-v1'], 'ENV', 'FrozenLake-v1'],
  [['FrozenLake-v1', '--env-set', 'slippry=true'], 'environment.slippry', 'did you mean slippery?'],
  [['FrozenLake-v1', '--temperature', '0'], '--temperature', 'above 0'],
  [['FrozenLake-v1', '--discount', '2'], '--discount', 'got 2'],
  [['FrozenLake-v1', '--inference', 'soft'], '--inference', '"exact"|"variational"|"hard"'],
  [['FrozenLake-v1', '--action-prior', 'flat'], '--action-prior', '"none"|"uniform"'],
  [['FrozenLake-v1', '--max-iterations', '2', '--discount', '0.99'], '--max-iterations', 'allow more sweeps'],
  // Without a prior every step gains entropy, and nothing ends the walk.
  [['FrozenLake-v1', '--action-prior', 'none'], '--discount', 'grow without limit'],
])('%j is a usage error', async (args, field, message) => {
  const { exitCode, json } = await maxent(...args, '--json');
  expect([exitCode, json.error.field]).toEqual([2, field]);
  expect(json.error.message).toContain(message);
});

test('shows values and policy', async () => {
  const { out } = await maxent('Lottery-v0', '--inference', 'hard');
  expect(out).toMatch(/^value of the start {2}1\n/);
  expect(out).toMatch(/\n {2}0 +1 +1 +0\n/);
});

test('draws gridworlds in the terminal and as a page, and other worlds as bars', async () => {
  const home = await temporaryDirectory();
  const run = (...args: string[]) =>
    runInProcess(['solve', ...args, '--discount', '0.95'], { directory: home });
  const lake = await run('FrozenLake-v1', '--plot', '--html', 'lake.html');
  expect(lake.out).toContain('V and policy, from ');
  expect(lake.out).toMatch(/\n(?: H {8}|[▁-█ ] [\d.]{4,5}[←↓→↑·] ?){4}\n/);
  expect(lake.out).toContain('Discounted occupancy, from 0 to ');
  const page = await readFile(join(home, 'lake.html'), 'utf8');
  expect(page).toContain('<title>FrozenLake-v1, variational</title>');
  expect(page.match(/<rect/g)!.length).toBeGreaterThan(32);
  expect(page.includes('<path class="a" d="M')).toBe(true);
  const taxi = await run('Taxi-v4', '--plot');
  expect(taxi.out).toContain('V, first 40 of 500 states, a full bar is ');
  expect(lake.out + page + taxi.out).not.toMatch(/NaN|undefined/);
});

test('on a screen, shades are colors, and a narrow one still gets arrows', async () => {
  const args = ['solve', 'CliffWalking-v1', '--inference', 'hard', '--plot'];
  const wide = await runInProcess(args, { directory, screen: { columns: 120, colors: true } });
  expect(wide.out).toContain('\u001b[38;5;');
  expect(wide.out).toContain('-13→');
  const narrow = await runInProcess(args, { directory, screen: { columns: 40, colors: false } });
  expect(narrow.out).toMatch(/\n(.[→↓]){12}\n/);
  expect(narrow.out).not.toContain('\u001b');
});
