import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { rolloutAnswer } from './answer.js';

const directory = process.cwd();
const plugin = fileURLToPath(new URL('../../test-support/plugin.ts', import.meta.url));
const rollout = (environment: string, input: unknown, ...more: string[]) =>
  runInProcess(['rollout', environment, '--plugin', plugin, '--input', '-', '--json', ...more], {
    directory,
    input: typeof input === 'string' ? input : JSON.stringify(input),
  });

test('starts a pendulum in its own state', async () => {
  const { exitCode, json } = await rollout('Pendulum-v1', { state: [0, 1], actions: [[0], 0.5] });
  expect(exitCode).toBe(0);
  const { observations, rewards, terminated, truncated, infos } = rolloutAnswer.parse(json);
  // Upright at 1 rad/s, without gravity's pull: the angle grows by 0.05 rad.
  expect(observations).toEqual([
    [1, 0, 1],
    [Math.fround(Math.cos(0.05)), Math.fround(Math.sin(0.05)), 1],
    [expect.any(Number), expect.any(Number), expect.any(Number)],
  ]);
  expect(rewards[0]).toBe(-0.1);
  expect([terminated, truncated, infos]).toEqual([
    [false, false],
    [false, false],
    [{}, {}],
  ]);
});

test('says why an episode ended whose simulation became unstable', async () => {
  const state = { qpos: [0, 0], qvel: [9e9, -9e9] };
  const input = JSON.stringify({ state, actions: [[0], [0]] });
  const args = ['rollout', 'InvertedPendulum-v5', '--input', '-'];
  const { out } = await runInProcess(args, { directory, input });
  expect(out).toMatch(/^1 step, .* as the simulation became unstable \(BADQ[A-Z]+\); --json/);
});

test('starts MuJoCo in a physical state', async () => {
  const state = { qpos: [0.1, -0.05], qvel: [0.5, 1] };
  const { json } = await rollout('InvertedPendulum-v5', { state, actions: [[1], [0], [0]] });
  expect(json.observations[0]).toEqual([0.1, -0.05, 0.5, 1]);
  expect(json.observations).toHaveLength(4);
  // One step from where the second began is what the second did, warm start aside.
  const [x, angle, velocity, spin] = json.observations[1];
  const again = { qpos: [x, angle], qvel: [velocity, spin] };
  const second = await rollout('InvertedPendulum-v5', { state: again, actions: [[0]] });
  second.json.observations[1].forEach((value: number, index: number) => {
    expect(value).toBeCloseTo(json.observations[2][index], 9);
  });
});

test('takes one of the states of a table, and numbers as discrete actions', async () => {
  const input = { state: 4, actions: [1, [2]] };
  const { json } = await rollout('FrozenLake-v1', input, '--env-set', 'slippery=false');
  // Down from (1, 0) to (2, 0), then right to (2, 1).
  expect(json.observations).toEqual([4, 8, 9]);
});

test('stops at termination', async () => {
  const { json } = await rollout('Walk-v0', { actions: [[1], [2], [3], [4]] }, '--env-set', 'length=3');
  expect(json).toEqual({
    observations: [[0], [1], [2], [3]],
    rewards: [1, 2, 3],
    terminated: [false, false, true],
    truncated: [false, false, false],
    infos: [{}, {}, {}],
  });
});

test('stops at the time limit', async () => {
  const actions = Array(20).fill([1]);
  const { json } = await rollout('Walk-v0', { actions }, '--env-set', 'length=100');
  expect(json.rewards).toHaveLength(8);
  expect([json.terminated.at(-1), json.truncated.at(-1)]).toEqual([false, true]);
});

test('reads and writes infinities as strings', async () => {
  const { json } = await rollout('Walk-v0', { actions: [['-Infinity'], ['Infinity']] });
  expect(json.rewards).toEqual(['-Infinity', 'Infinity']);
});

test('the same seed gives the same start', async () => {
  const start = async (seed?: number) =>
    (await rollout('Pendulum-v1', { seed, actions: [] })).json.observations;
  expect(await start(7)).toEqual(await start(7));
  expect(await start(7)).not.toEqual(await start(8));
  expect(await start()).toEqual(await start(0));
});

test('a NaN from the environment is its fault', async () => {
  const input = { actions: [[1], [1], [1]] };
  const { exitCode, json } = await rollout('Walk-v0', input, '--env-set', 'faultyFrom=2');
  expect([exitCode, json.error.code]).toEqual([1, 'ENVIRONMENT_FAULT']);
  expect(json.error.message).toMatch(
    /step 2 of episode 1: step returned the reward NaN; .* overflow: give smaller ones/,
  );
});

test('reads a file, relative to the working directory', async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, 'actions.json'), '{"actions":[[1]]}');
  const args = ['rollout', 'Walk-v0', '--plugin', plugin, '--input', 'actions.json'];
  const { json } = await runInProcess([...args, '--json'], { directory: home });
  expect(json.rewards).toEqual([1]);
  expect((await runInProcess(args, { directory: home })).out).toBe(
    '1 step, return 1.00; --json shows every step\n',
  );
});

const mujoco = { qpos: [0, 0], qvel: [0, 0] };
const TOO_LARGE =
  'expected a number from -1 to 1, got -1e+308, with which the environment could not continue';

test.each([
  ['Pendulum-v1', '{"actions":', '--input', 'standard input is not JSON: line 1, column 12: value expected'],
  [
    'AntMaze-v0',
    {
      actions: [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, -1e308, 0, 0, 2, 0, 0, 0],
      ],
    },
    'actions[1][1]',
    TOO_LARGE,
  ],
  [
    'SwimmerMultiDirection-v0',
    {
      actions: [
        [0, 0],
        [1, -1e308],
        [0, 0],
      ],
    },
    'actions[1][1]',
    TOO_LARGE,
  ],
  ['Pendulum-v1', {}, 'actions', 'is required'],
  ['Pendulum-v1', { actions: [], sead: 1 }, 'sead', 'did you mean seed?'],
  ['Pendulum-v1', { actions: [], seed: -1 }, 'seed', 'expected'],
  ['Pendulum-v1', { actions: [[0], [0, 1]] }, 'actions[1]', 'expected 1 number for Box(1, float32), got 2'],
  ['Pendulum-v1', { actions: [[null]] }, 'actions[0][0]', 'got null'],
  ['Pendulum-v1', { actions: [['1']] }, 'actions[0][0]', 'got "1"'],
  ['Pendulum-v1', { state: [0], actions: [] }, 'state', 'expected 2 numbers, got 1'],
  ['Pendulum-v1', { state: { stat: [0, 0] }, actions: [] }, 'state.stat', 'did you mean state?'],
  ['FrozenLake-v1', { actions: [4] }, 'actions[0]', 'Discrete(4)'],
  ['FrozenLake-v1', { actions: [0.5] }, 'actions[0]', 'Discrete(4)'],
  ['FrozenLake-v1', { state: [16], actions: [] }, 'state', 'expected a state index of Discrete(16), got 16'],
  ['Walk-v0', { state: [1], actions: [] }, 'state', 'cannot be put into a state'],
  ['InvertedPendulum-v5', { state: [1], actions: [] }, 'state', 'expected {"qpos","qvel","qaccWarmstart"?}'],
  ['InvertedPendulum-v5', { state: { qpos: [0, 0] }, actions: [] }, 'state.qvel', 'is required; expected'],
  [
    'InvertedPendulum-v5',
    { state: { ...mujoco, qpos: [0] }, actions: [] },
    'state.qpos',
    'expected 2 numbers, got 1',
  ],
  [
    'InvertedPendulum-v5',
    { state: { ...mujoco, qvel: [0, 'Infinity'] }, actions: [] },
    'state.qvel[1]',
    'finite',
  ],
])('%s refuses %j', async (environment, input, field, message) => {
  const { exitCode, json } = await rollout(environment, input);
  expect([exitCode, json.error.field]).toEqual([2, field]);
  expect(json.error.message).toContain(message);
});
