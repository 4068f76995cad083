// What released versions wrote is read forever: `fixtures/VERSION` holds their runs and policy files, written by
// scripts/write-fixtures.mjs. Where a format changes, this is where its migration shows; the files stay as they are.
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { loadPolicy, type TrainedPolicy, type TrainedRun, type TrainOptions, train } from './index.js';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const value = z.union([z.number(), z.array(z.number())]);
const expectedSchema = z.object({
  agent: z.string(),
  environment: z.string(),
  evaluations: z.array(z.object({ step: z.number(), returnMean: z.number() })),
  actions: z.array(z.object({ observation: value, action: value })),
});

const trainByName = train as unknown as (
  agent: string,
  world: string,
  options: TrainOptions,
) => Promise<TrainedRun>;

async function expectedOf(directory: string): Promise<z.output<typeof expectedSchema>> {
  return expectedSchema.parse(JSON.parse(await readFile(join(directory, 'expected.json'), 'utf8')));
}

function expectActions(
  policy: TrainedPolicy,
  { actions }: Pick<z.output<typeof expectedSchema>, 'actions'>,
): void {
  for (const { observation, action } of actions) {
    const acted = policy.act(observation as never) as number | ArrayLike<number>;
    const entries = typeof acted === 'number' ? [acted] : Array.from(acted);
    const recorded = [action].flat();
    expect(entries).toHaveLength(recorded.length);
    for (const [i, entry] of entries.entries()) expect(entry).toBeCloseTo(recorded[i]!, 5);
  }
}

for (const version of await readdir(fixtures)) {
  describe.each(await readdir(join(fixtures, version)))(`what ${version} wrote of %s`, (agent) => {
    const directory = join(fixtures, version, agent);

    it('acts from the policy file as it did', async () => {
      const bytes = await readFile(join(directory, 'policy.safetensors'));
      expectActions(await loadPolicy(bytes), await expectedOf(directory));
    });

    it('acts from the newest and the best checkpoint of the run', async () => {
      const run = join(directory, 'run');
      const expected = await expectedOf(directory);
      expectActions(await loadPolicy(run), expected);
      // The only evaluation is that of the newest step.
      expectActions(await loadPolicy(run, { checkpoint: 'best' }), expected);
    });

    it('goes on training from the checkpoint', async () => {
      const copy = await mkdtemp(join(tmpdir(), 'maxent-earlier-'));
      onTestFinished(() => rm(copy, { recursive: true, force: true }));
      await cp(join(directory, 'run'), copy, { recursive: true });
      const expected = await expectedOf(directory);
      const stored = JSON.parse(await readFile(join(copy, 'config.json'), 'utf8'));
      const run = await trainByName(expected.agent, expected.environment, {
        ...{ steps: 100, seed: stored.seed, config: stored.agent.config },
        ...{ evalEvery: 80, evalEpisodes: 2, evalMaxSteps: 50, checkpointEvery: 80, logEvery: 40 },
        ...{ out: copy, resume: true, onWarning: () => undefined },
      });
      onTestFinished(() => run.close());
      expect(run.steps).toBe(100);
      expect(run.evaluations.map(({ step }) => step)).toEqual([80, 100]);
      expect(run.evaluations[0]!.returnMean).toBe(expected.evaluations[0]!.returnMean);
      expect(await readdir(join(copy, 'checkpoints'))).toContain('step-100');
    });
  });
}
