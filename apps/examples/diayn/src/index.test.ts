import { selectBackend } from '@maxent/backend';
import { snapshotsEqual } from '@maxent/core';
import { checkPlugin } from '@maxent/core/testing';
import { MemoryRunStorage } from '@maxent/training';
import { loadPolicy, train } from 'maxent';
import { expect, it } from 'vitest';
import { corridor, diayn, oneHot, plugin } from './index.js';

const small = { skills: 3, hiddenSizes: [8], batchSize: 16, learningStarts: 20 };

it('is a plugin', async () => {
  await selectBackend();
  const report = await checkPlugin(plugin, {
    agents: { diayn: { config: { ...small, learningStarts: 5, replayCapacity: 30 } } },
  });
  expect(report.passed.length).toBeGreaterThan(30);
});

it('continues a stopped run with the same numbers, in several environments', async () => {
  const options = { seed: 1, envs: 3, config: small, evalEvery: 1000, checkpointEvery: 50 };
  const whole = await train(diayn, corridor, { ...options, steps: 120 });
  const out = new MemoryRunStorage();
  // Stopped where episodes of 4 steps are under way.
  const half = await train(diayn, corridor, { ...options, steps: 63, out });
  half.close();
  const resumed = await train(diayn, corridor, { ...options, steps: 120, out, resume: true });
  expect(snapshotsEqual(resumed.agent.save(), whole.agent.save())).toBe(true);
  resumed.close();
  whole.close();
});

it('gives a policy that is told its skill', async () => {
  const run = await train(diayn, 'Pendulum-v1', {
    steps: 60,
    config: { ...small, evaluationSkill: 2, normalizeObservations: true },
    evalEvery: 60,
    evalEpisodes: 1,
  });
  const policy = await loadPolicy<Float32Array>(run.policy().toBytes());
  expect(policy.taskSize).toBe(3);
  const observation = Float32Array.of(0.6, -0.8, 1.5);
  const [own] = run.agent.act(observation, { deterministic: true }) as Float32Array;
  const actions = [0, 1, 2].map((skill) => policy.act(observation, { task: oneHot(skill, 3) })[0]!);
  expect(Math.abs(actions[2]! - own!)).toBeLessThan(2e-5);
  expect(new Set(actions).size).toBe(3);
  run.close();
});

it('lends its environment to other agents', async () => {
  const run = await train('discrete-sac', corridor, {
    steps: 30,
    config: { learningStarts: 10, hiddenSizes: [8] },
    evalEvery: 30,
  });
  expect(run.updates).toBe(20);
  run.close();
});
