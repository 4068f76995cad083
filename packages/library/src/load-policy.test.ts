import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMetaAgent, type MetaAgent, Rng } from '@maxent/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtInPlugins } from './built-in.js';
import { loadPolicy, type TrainedPolicy, type TrainedRun, type TrainOptions, train } from './index.js';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-library-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const small = { hiddenSizes: [64, 64], learningStarts: 50 };
const tasks = { trainTasks: 2, testTasks: 1, explorationEpisodes: 1 };

const trainByName = train as unknown as (
  agent: string,
  world: string,
  options: TrainOptions,
) => Promise<TrainedRun>;

/** For every registered agent something small to learn. */
const lessons: Readonly<Record<string, readonly [world: string, config: Record<string, unknown>]>> = {
  sac: ['Pendulum-v1', small],
  crossq: ['Pendulum-v1', { ...small, criticHiddenSizes: [64, 64] }],
  sql: ['MultiGoal-v0', small],
  meow: ['MultiGoal-v0', { ...small, flowHiddenSizes: [32], couplingHiddenSize: 32 }],
  lsp: ['PointMaze-v0', small],
  dqn: ['CartPole-v1', small],
  'soft-dqn': ['CartPole-v1', small],
  'discrete-sac': ['CartPole-v1', small],
  'q-learning': ['FrozenLake-v1', {}],
  'soft-q-learning': ['FrozenLake-v1', {}],
  pearl: ['PointRobot', { ...tasks, hiddenSizes: [64, 64], encoderHiddenSizes: [64, 64] }],
};

describe('the policy of a run', async () => {
  const agents = (await builtInPlugins()).flatMap((plugin) => plugin.agents ?? []);

  it.each(agents.map(({ name }) => name))(
    'of %s is below 60 kB and acts as the agent does, from bytes, a file and the run',
    async (name) => {
      const [world, config] = lessons[name]!;
      const directory = await temporaryDirectory();
      const out = join(directory, 'run');
      const run = await trainByName(name, world, {
        steps: 80,
        config,
        evalEpisodes: 2,
        out,
        onWarning: () => undefined,
      });
      onTestFinished(() => run.close());
      const bytes = run.policy().toBytes();
      expect(bytes.length).toBeLessThan(60_000);
      const file = join(directory, 'policy.safetensors');
      await writeFile(file, bytes);
      const policies = [
        await loadPolicy(bytes),
        await loadPolicy(file),
        await loadPolicy(pathToFileURL(file)),
        await loadPolicy(out),
      ];
      const rng = Rng.fromSeed(1);
      for (const policy of policies) {
        expect(policy.agent).toBe(name);
        expect(policy.provenance).toMatchObject({ seed: 1, steps: 80 });
        const observation = policy.observationSpace.sample(rng);
        if (isMetaAgent(run.agent)) {
          expectSameBelief(policy, run.agent, rng);
          continue;
        }
        const [mine, its] = [
          policy.act(observation),
          run.agent.act(observation, { deterministic: true }),
        ].map((action) => (typeof action === 'number' ? [action] : [...action]));
        for (const [i, entry] of mine!.entries()) expect(entry).toBeCloseTo(its![i]!, 4);
      }
    },
  );
});

/** Both infer the same from some steps; what they act on is then the caller's draw. */
function expectSameBelief(policy: TrainedPolicy, agent: MetaAgent, rng: Rng): void {
  const { observationSpace, actionSpace } = policy;
  const context = Array.from({ length: 5 }, () => ({
    observation: observationSpace.sample(rng),
    action: actionSpace.sample(rng),
    reward: rng.normal(),
    nextObservation: observationSpace.sample(rng),
  }));
  const adaptation = agent.adapt({ descriptor: [], rng });
  adaptation.beginEpisode({ explore: true });
  for (const row of context) adaptation.observe({ ...row, terminated: false, truncated: false });
  const [mine, its] = [policy.infer(context), adaptation.belief()!];
  expect(mine!.mean.length).toBe(policy.taskSize);
  for (const part of ['mean', 'variance'] as const) {
    for (const [i, value] of mine![part].entries()) expect(value).toBeCloseTo(its![part][i]!, 4);
  }
}

it.each<[unknown, RegExp]>([
  ['no/such/file', /^source: there is neither a policy file nor a run directory at "no\/such\/file"/],
  [undefined, /^source: expected bytes/],
  [{}, /^source: expected bytes/],
  [Uint8Array.of(1, 2, 3), /./],
  [tmpdir(), /holds no run/],
])('says what is wrong with %s', async (source, problem) => {
  await expect(loadPolicy(source as string)).rejects.toThrow(problem);
});
