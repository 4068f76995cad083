// node packages/library/scripts/write-fixtures.mjs VERSION: run once for each release that changes a format, after
// `pnpm build`. Writes small runs with their checkpoints and policy files to src/fixtures/VERSION. Later versions
// must read them (src/earlier-versions.test.ts), so the directory of a released version stays as it is.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Rng } from '@maxent/core';
import { train } from '../dist/index.js';

const [version] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) {
  throw new Error(`expected the version that writes the fixtures, such as 0.1.0, got ${version}`);
}
const fixtures = fileURLToPath(new URL(`../src/fixtures/${version}`, import.meta.url));
if (existsSync(fixtures)) {
  throw new Error(`${fixtures} exists; what a released version wrote is not written again`);
}

const network = { hiddenSizes: [16], learningStarts: 40 };
const runs = [
  ['sac', 'Pendulum-v1', network],
  ['lsp', 'PointMaze-v0', network],
  ['dqn', 'CartPole-v1', network],
  ['q-learning', 'FrozenLake-v1', {}],
];

/** Observations as JSON, and what the policy does in them. */
function actions(policy) {
  const rng = new Rng(7);
  return Array.from({ length: 5 }, () => {
    const observation = policy.observationSpace.sample(rng);
    const action = policy.act(observation);
    return { observation: plain(observation), action: plain(action) };
  });
}

const plain = (value) => (typeof value === 'number' ? value : [...value]);

for (const [agent, environment, config] of runs) {
  const directory = join(fixtures, agent);
  mkdirSync(directory, { recursive: true });
  const options = { seed: 1, config, evalEvery: 80, evalEpisodes: 2, evalMaxSteps: 50, checkpointEvery: 80 };
  const started = { ...options, steps: 80, out: join(directory, 'run') };
  const run = await train(agent, environment, { ...started, logEvery: 40, onWarning: () => {} });
  const policy = run.policy();
  writeFileSync(join(directory, 'policy.safetensors'), policy.toBytes());
  const expected = { agent, environment, evaluations: run.evaluations, actions: actions(policy) };
  writeFileSync(join(directory, 'expected.json'), `${JSON.stringify(expected)}\n`);
  run.close();
}
