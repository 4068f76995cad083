import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { listAnswer } from './answer.js';

const directory = process.cwd();
const list = async (kind: string) => {
  const { exitCode, json } = await runInProcess(['list', kind, '--json'], { directory });
  expect(exitCode).toBe(0);
  listAnswer.parse(json);
  return json;
};

test('agents, with their presets and the schema of their settings', async () => {
  const { agents } = await list('agents');
  const sac = agents.find(({ name }: { name: string }) => name === 'sac');
  expect(sac.presets).toContain('quick-start');
  expect(sac.config.properties.batchSize).toMatchObject({ type: 'integer', default: 256 });
});

test('envs is short for environments', async () => {
  expect(await list('envs')).toEqual(await list('environments'));
});

test('environments, with their time limit and the schema of their options', async () => {
  const { environments } = await list('environments');
  const pendulum = environments.find(({ id }: { id: string }) => id === 'Pendulum-v1');
  expect(pendulum).toMatchObject({
    maxEpisodeSteps: 200,
    options: { properties: { gravity: { default: 10 } } },
  });
});

test('backends, task families and plugins', async () => {
  expect((await list('backends')).backends).toContainEqual(
    expect.objectContaining({ name: 'cpu', available: true }),
  );
  expect((await list('task-families')).taskFamilies).toContainEqual(
    expect.objectContaining({ id: 'PointRobot', plugin: '@maxent/envs' }),
  );
  const { plugins } = await list('plugins');
  expect(plugins.flatMap(({ agents }: { agents: string[] }) => agents)).toContain('sac');
});

test('for people, one line each', async () => {
  const { out } = await runInProcess(['list', 'environments'], { directory });
  expect(out).toMatch(/^Pendulum-v1 +Swing a rod up/m);
  expect((await runInProcess(['list', 'task-families'], { directory })).out).toMatch(
    /^PointRobot +Move a point/,
  );
});
