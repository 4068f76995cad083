import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import type { Check } from '../../checks.js';
import { scoreOf } from '../../results/learning-run.js';
import { missingSeeds, readSeeds, type SeedCurve } from '../../results/stored-seeds.js';
import { assertSame } from '../../results/stored-settings.js';
import { mean } from '../../statistics.js';
import { learningCurvesSvg } from '../curves.js';
import type { Conclusion, RunExperiment } from '../experiment.js';
import { solved } from '../quick-start/index.js';

const SEEDS = [1, 2, 3];
const BACKENDS = ['native', 'wasm'] as const;
type Backend = (typeof BACKENDS)[number];
/** Evaluations of 10 episodes of a trained policy on Pendulum differ by about as much. */
const LARGEST_LOSS = 25;

const TASKS = { pendulum: 'Pendulum-v1', 'inverted-pendulum': 'InvertedPendulum-v5' } as const;

/** SAC learns the same on TensorFlow's native library as on WebAssembly. */
export const native: RunExperiment = {
  description: 'SAC learns on the native backend what it learns on wasm',
  claim: `On Pendulum-v1 native's mean score over seeds ${SEEDS.join(', ')} is at most ${LARGEST_LOSS} below wasm's; on InvertedPendulum-v5 all seeds succeed on both.`,
  directory: 'native',
  judge: judgeBackends,
};

/** Reads `<task>/<backend>/seed*` below `directory`. */
export async function judgeBackends(directory: string): Promise<Conclusion> {
  const missing: string[] = [];
  const read = async (task: keyof typeof TASKS, backend: Backend): Promise<readonly SeedCurve[]> => {
    const stored = await readSeeds(join(directory, task, backend));
    const seeds = stored.filter(({ seed }) => SEEDS.includes(seed));
    missing.push(...missingSeeds(`${task}/${backend}`, SEEDS, seeds));
    for (const { runs } of seeds) {
      const [{ directory: place, config }] = runs as [SeedCurve['runs'][number]];
      assertSame(place, 'environment', config.environment.id, TASKS[task]);
      assertSame(place, 'backend', config.backend, backend);
    }
    return seeds;
  };
  const pendulum = { native: await read('pendulum', 'native'), wasm: await read('pendulum', 'wasm') };
  const inverted = {
    native: await read('inverted-pendulum', 'native'),
    wasm: await read('inverted-pendulum', 'wasm'),
  };
  const table = BACKENDS.flatMap((backend) => [
    ...pendulum[backend].map((run) => ({
      ...{ task: TASKS.pendulum as string, backend, seed: run.seed },
      ...{ score: scoreOf(run) as number | string, 'solved after': '' as number | string },
    })),
    ...inverted[backend].map(({ seed, evaluations }) => ({
      ...{ task: TASKS['inverted-pendulum'], backend, seed, score: '' },
      'solved after': solved(evaluations) ?? 'never',
    })),
  ]);
  if (table.length === 0) throw new InvalidInputError(directory, 'expected finished runs, found none');
  const score = (backend: Backend): number => mean(pendulum[backend].map(scoreOf));
  const checks: Check[] =
    missing.length > 0
      ? []
      : [
          {
            name: "Pendulum-v1: how far native's mean score is below wasm's",
            ...{ value: score('wasm') - score('native'), limit: LARGEST_LOSS, must: 'be at most' },
          },
          ...BACKENDS.map(
            (backend): Check => ({
              name: `InvertedPendulum-v5: seeds that succeed on ${backend}`,
              value: inverted[backend].filter(({ evaluations }) => solved(evaluations) !== undefined).length,
              ...{ limit: SEEDS.length, must: 'be at least' },
            }),
          ),
        ];
  const curves = (of: typeof pendulum) =>
    BACKENDS.filter((backend) => of[backend].length > 0).map((backend) => ({
      label: backend,
      runs: of[backend].map(({ evaluations }) => evaluations),
    }));
  return {
    table,
    checks,
    pictures: {
      pendulum: learningCurvesSvg('SAC on Pendulum-v1', curves(pendulum)),
      'inverted-pendulum': learningCurvesSvg('SAC on InvertedPendulum-v5', curves(inverted)),
    },
    missing,
  };
}
