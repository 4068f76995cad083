import { miniNavi, miniNaviFamily } from '@maxent/envs';
import { pearl } from '@maxent/meta';
import { bayesAdaptiveMdp, knownTaskValue, posteriorSamplingValue, solveTabular } from '@maxent/pgm';
import { lineChartSvg } from '@maxent/training/report';
import { mean, sampleVariance } from '../../statistics.js';
import { defineExperiment } from '../experiment.js';
import { type FamilyTrainingRecord, trainOverTasks } from '../train-agent.js';

const SEEDS = [1, 2, 3];
const EPISODES = 2;
const STEPS = 24_000;
const EVALUATE_EVERY = 3000;
const LEAST_RETURN = 2.1;
/** More than in the preset: returns of single tasks differ by 3, so 50 would give a standard error of 0.4. */
const TEST_TASKS = 200;

const horizon = { episodes: EPISODES, steps: 6 };

const nameOf = (seed: number): string => `seed${seed}`;

/** Mean over the last three evaluations of each test task's return in all episodes together. */
function totalsOf(record: FamilyTrainingRecord): number[] {
  const scored = record.evaluations.slice(-3);
  return scored[0]!.totals.map((_, task) => mean(scored.map(({ totals }) => totals[task]!)));
}

/** `lab reproduce pearl-mini-navi`: PEARL next to exact answers. */
export const pearlMiniNavi = defineExperiment<FamilyTrainingRecord>({
  description: 'PEARL on MiniNavi, between exact posterior sampling and Bayes-optimal control',
  claim:
    'PEARL with discrete soft actor-critic, trained on 500 tasks of MiniNavi, collects in two episodes of a task at ' +
    'least 2.1 on average, near the 2.386 of exact posterior sampling, and not more than the Bayes-optimal 6.72 plus ' +
    'two standard errors, with each of seeds 1 to 3.',
  units: SEEDS.map((seed) => ({
    name: nameOf(seed),
    run: (progress: (line: string) => void) =>
      trainOverTasks(
        {
          agent: pearl,
          family: miniNaviFamily,
          config: { testTasks: TEST_TASKS },
          steps: STEPS,
          seed,
          evaluation: { every: EVALUATE_EVERY, episodes: EPISODES },
        },
        progress,
      ),
  })),
  conclude: (results) => {
    const family = miniNavi();
    const optimal = solveTabular(bayesAdaptiveMdp(family, horizon), { inference: 'hard' }).startValue;
    const seeds = SEEDS.map((seed) => {
      const totals = totalsOf(results.get(nameOf(seed))!);
      return { seed, score: mean(totals), standardError: Math.sqrt(sampleVariance(totals) / totals.length) };
    });
    const exact = {
      'Bayes-optimal': optimal,
      'posterior sampling': posteriorSamplingValue(family, horizon),
      'known goal': knownTaskValue(family, horizon),
    };
    return {
      table: [
        ...seeds.map(({ seed, score, standardError }) => ({
          agent: `PEARL, seed ${seed}`,
          return: score,
          'standard error': standardError,
        })),
        ...Object.entries(exact).map(([agent, value]) => ({ agent, return: value, 'standard error': 0 })),
      ],
      checks: [
        {
          name: 'smallest return in two episodes',
          value: Math.min(...seeds.map(({ score }) => score)),
          limit: LEAST_RETURN,
          must: 'be at least',
        },
        {
          name: 'largest return less two standard errors, against the Bayes-optimal one',
          value: Math.max(...seeds.map(({ score, standardError }) => score - 2 * standardError)),
          limit: optimal,
          must: 'be at most',
        },
      ],
      pictures: { 'learning-curves': drawCurves(results, exact) },
      notes: [
        'the return of a seed: mean of its last three evaluations, each the mean over 200 test tasks of the sum of both episodes; each of the five goals is the task 40 times, and all are also train tasks',
      ],
    };
  },
});

function drawCurves(
  results: ReadonlyMap<string, FamilyTrainingRecord>,
  exact: Readonly<Record<string, number>>,
): string {
  return lineChartSvg({
    title: 'Return in two episodes of a task of MiniNavi',
    xLabel: 'environment steps',
    series: [
      ...SEEDS.map((seed) => ({
        label: `PEARL, seed ${seed}`,
        points: results
          .get(nameOf(seed))!
          .evaluations.map(({ step, totals }) => ({ x: step, y: mean(totals) })),
      })),
      ...Object.entries(exact).map(([label, value]) => ({
        label,
        points: [0, STEPS].map((x) => ({ x, y: value })),
      })),
    ],
    width: 760,
    height: 360,
  });
}
