import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';

/** Trains and returns an evaluation of the run, with further arguments. */
async function trained(agent: string) {
  const directory = await temporaryDirectory();
  const { exitCode } = await runInProcess(`train ${agent} --out run`.split(' '), { directory });
  expect(exitCode).toBe(0);
  const evaluate = (...more: string[]) =>
    runInProcess(['eval', 'run', '--episodes', '40', ...more, '--json'], { directory });
  return { directory, evaluate };
}

test('--set replaces a setting for this evaluation', async () => {
  const { directory, evaluate } = await trained(
    'soft-q-learning --env Chain-v0 --steps 1000 --set temperature=0.05',
  );
  const answer = async (...more: string[]) => (await evaluate(...more)).json;
  const stored = await readFile(join(directory, 'run/config.json'), 'utf8');
  // The mode, which leaves with a sure reward of 1, does not depend on the temperature; a policy this hot is uniform.
  expect(await answer('--set', 'temperature=1000')).toEqual(await answer());
  const cold = await answer('--stochastic');
  expect(await answer('--stochastic', '--set', 'temperature=0.05')).toEqual(cold);
  const hot = await answer('--stochastic', '--set', 'agent.temperature=1000');
  expect(cold.returns.every((sum: number) => sum === 1)).toBe(true);
  expect(hot.returns).toContain(0);
  expect(await readFile(join(directory, 'run/config.json'), 'utf8')).toBe(stored);

  for (const [setting, field, hint] of [
    ['temperatur=1', 'agent.temperatur', 'temperature'],
    ['temperature=-1', 'agent.temperature', 'above 0'],
    ['temperature', '--set', 'key=value'],
  ] as const) {
    const { exitCode, json } = await evaluate('--set', setting);
    expect([exitCode, json.error.code, json.error.field]).toEqual([2, 'INVALID_INPUT', field]);
    expect(json.error.message).toContain(hint);
  }
});

test('a setting that the weights depend on is refused', async () => {
  const { evaluate } = await trained(
    'sac --env Pendulum-v1 --steps 100 --eval-episodes 1 --set hiddenSizes=[8] --set learningStarts=50',
  );
  const { exitCode, json } = await evaluate('--set', 'hiddenSizes=[16]');
  expect([exitCode, json.error.code, json.error.field]).toEqual([2, 'INVALID_INPUT', '--set']);
  expect(json.error.message).toContain('does not fit the agent with these settings');
});
