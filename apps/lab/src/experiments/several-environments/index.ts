import { softActorCritic } from '@maxent/agents';
import { halfCheetah } from '@maxent/mujoco';
import { mean } from '../../statistics.js';
import { learningCurvesSvg } from '../curves.js';
import { defineExperiment } from '../experiment.js';
import { type TrainingRecord, trainAgent } from '../train-agent.js';

const SEEDS = [1, 2, 3];
const STEPS = 30_000;
const ENVIRONMENTS = [1, 4] as const;
const EPISODES = 10;
/** Part of the return in one environment that several must reach. */
const SMALLEST_PART = 0.85;

const nameOf = (envs: number, seed: number): string => `envs${envs}-seed${seed}`;
const labelOf = (envs: number): string => (envs === 1 ? '1 environment' : `${envs} environments`);

/** `lab reproduce several-environments`: four environments cost SAC little of what it learns from as many steps. */
export const severalEnvironments = defineExperiment<TrainingRecord>({
  description: 'SAC on HalfCheetah-v5 in four environments, next to one',
  claim:
    `After ${STEPS.toLocaleString('en')} steps of HalfCheetah-v5, with as many updates, the mean return of SAC's final ` +
    `evaluations over seeds ${SEEDS.join(', ')}, ${EPISODES} deterministic episodes each, is with 4 environments at ` +
    `least ${SMALLEST_PART} of the mean with 1: a policy that is a few updates older when it acts learns nearly as much.`,
  units: ENVIRONMENTS.flatMap((envs) =>
    SEEDS.map((seed) => ({
      name: nameOf(envs, seed),
      run: async (progress: (line: string) => void) => {
        const evaluation = { every: 5000, episodes: EPISODES };
        const plan = {
          agent: softActorCritic,
          environment: halfCheetah,
          steps: STEPS,
          seed,
          envs,
          evaluation,
        };
        return (await trainAgent(plan, progress, () => null)).record;
      },
    })),
  ),
  conclude: (results) => {
    const rows = ENVIRONMENTS.map((envs) => {
      const evaluations = SEEDS.map((seed) => results.get(nameOf(envs, seed))!.evaluations);
      const final = evaluations.map((curve) => curve.at(-1)!.returnMean);
      return { envs, evaluations, final, mean: mean(final) };
    });
    const [one, several] = rows as [(typeof rows)[number], (typeof rows)[number]];
    return {
      table: rows.map(({ envs, final, mean: average }) => ({
        environments: envs,
        ...Object.fromEntries(SEEDS.map((seed, i) => [`seed ${seed}`, final[i]!])),
        mean: average,
      })),
      checks: [
        {
          name: 'mean final return with 4 environments over the mean with 1',
          value: several.mean / one.mean,
          limit: SMALLEST_PART,
          must: 'be at least',
        },
      ],
      pictures: {
        'HalfCheetah-v5': learningCurvesSvg(
          `SAC on HalfCheetah-v5, mean and range of ${SEEDS.length} seeds`,
          rows.map(({ envs, evaluations }) => ({ label: labelOf(envs), runs: evaluations })),
        ),
      },
    };
  },
});
