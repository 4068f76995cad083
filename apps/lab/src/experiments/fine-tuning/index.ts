import { deepQNetwork, softDeepQNetwork } from '@maxent/agents';
import type { Agent, AgentDefinition, Snapshot } from '@maxent/core';
import { mean } from '../../statistics.js';
import { compassMultiGoal, compassNetwork, compassOptions } from '../compass.js';
import { learningCurvesSvg } from '../curves.js';
import { defineExperiment } from '../experiment.js';
import { type TrainingRecord, trainAgent } from '../train-agent.js';

const SEEDS = [1, 2, 3];
const GOALS = ['east', 'west', 'north', 'south'] as const;
const PRETRAINING_STEPS = 20_000;
const FINE_TUNING_STEPS = 3_000;
const EVALUATION = { every: 250, episodes: 10 };

interface Kind {
  readonly label: 'soft' | 'hard';
  readonly agent: AgentDefinition;
  readonly pretraining: object;
  readonly fineTuning: object;
}

/** Each fine-tunes as it was pre-trained, with the same settings as from scratch. */
const kinds: readonly Kind[] = [
  {
    label: 'soft',
    agent: softDeepQNetwork,
    pretraining: { ...compassNetwork, temperature: 1, actionPrior: 'uniform', learningStarts: 500 },
    fineTuning: { ...compassNetwork, temperature: 1, actionPrior: 'uniform', learningStarts: 100 },
  },
  {
    label: 'hard',
    agent: deepQNetwork,
    pretraining: { ...compassNetwork, epsilonSteps: 10_000, learningStarts: 500 },
    fineTuning: { ...compassNetwork, epsilonSteps: 1500, learningStarts: 100 },
  },
];

interface Tuned {
  readonly pretraining: TrainingRecord;
  readonly pretrained: readonly TrainingRecord[];
  readonly scratch: readonly TrainingRecord[];
}

const nameOf = ({ label }: Kind, seed: number): string => `${label}-seed${seed}`;

/** Lets an agent start with the weights of another, but without its experience and optimizer moments. */
export function withWeightsOf(agent: Agent, pretrained: Snapshot): void {
  const fresh = agent.save();
  const weights = Object.entries(pretrained.arrays).filter(([name]) => /^(network|target)/.test(name));
  agent.load({ ...fresh, arrays: { ...fresh.arrays, ...Object.fromEntries(weights) } });
}

async function preTrainAndTune(kind: Kind, seed: number, progress: (line: string) => void): Promise<Tuned> {
  const task = { agent: kind.agent, environment: compassMultiGoal, seed };
  const { record, examined: snapshot } = await trainAgent(
    {
      ...task,
      config: kind.pretraining,
      options: compassOptions,
      steps: PRETRAINING_STEPS,
      evaluation: { every: PRETRAINING_STEPS / 4, episodes: 10 },
    },
    progress,
    // The network's arrays are copies; the replay, which is not, is left behind.
    (agent) => agent.save(),
  );
  const tune = async (prepare: (agent: Agent) => void): Promise<TrainingRecord[]> => {
    const records: TrainingRecord[] = [];
    for (const goal of GOALS) {
      const plan = {
        ...task,
        config: kind.fineTuning,
        options: { ...compassOptions, goals: [goal] },
        steps: FINE_TUNING_STEPS,
        evaluation: EVALUATION,
        prepare,
      };
      records.push(
        (
          await trainAgent(
            plan,
            () => {},
            () => null,
          )
        ).record,
      );
      progress(`${goal}: last return ${records.at(-1)!.evaluations.at(-1)!.returnMean.toFixed(2)}`);
    }
    return records;
  };
  const pretrained = await tune((agent) => withWeightsOf(agent, snapshot));
  const scratch = await tune(() => {});
  return { pretraining: record, pretrained, scratch };
}

/** Mean return over all evaluations of fine-tuning: the area under the learning curve. */
const area = (records: readonly TrainingRecord[]): number =>
  mean(records.flatMap(({ evaluations }) => evaluations.map(({ returnMean }) => returnMean)));

/** `lab reproduce fine-tuning`: who has learned every way to a goal soon finds the one that is asked for. */
export const fineTuning = defineExperiment<Tuned>({
  description: 'pre-training on four goals, fine-tuning on one: soft against hard, and against from scratch',
  claim:
    'A soft policy pre-trained on a broad task, any of four goals, is fine-tuned to a specific one, a single goal, ' +
    'faster than a policy learns it from scratch; it is ahead of a hard policy that was pre-trained alike, and gains ' +
    'more by its pre-training than hard Q-learning does. What counts is the area under the curve of the first 3,000 ' +
    'steps, mean over the four goals, and the gain is that area less the one from scratch, for each of seeds 1 to 3.',
  units: kinds.flatMap((kind) =>
    SEEDS.map((seed) => ({
      name: nameOf(kind, seed),
      run: (progress: (line: string) => void) => preTrainAndTune(kind, seed, progress),
    })),
  ),
  conclude: (results) => {
    const of = (kind: Kind, seed: number): Tuned => results.get(nameOf(kind, seed))!;
    const gain = (kind: Kind, seed: number): number =>
      area(of(kind, seed).pretrained) - area(of(kind, seed).scratch);
    const [soft, hard] = kinds as [Kind, Kind];
    const curve = (label: string, kind: Kind, which: 'pretrained' | 'scratch') => ({
      label,
      // One curve per seed: the mean over goals.
      runs: SEEDS.map((seed) => {
        const records = of(kind, seed)[which];
        return records[0]!.evaluations.map(({ step }, i) => ({
          step,
          returnMean: mean(records.map(({ evaluations }) => evaluations[i]!.returnMean)),
          returns: [],
        }));
      }),
    });
    return {
      table: kinds.flatMap((kind) =>
        SEEDS.map((seed) => {
          const { pretrained, scratch } = of(kind, seed);
          return {
            agent: kind.agent.name,
            seed,
            'area, pre-trained': area(pretrained),
            'area, from scratch': area(scratch),
            gain: gain(kind, seed),
            'last, pre-trained': mean(pretrained.map(({ evaluations }) => evaluations.at(-1)!.returnMean)),
            'last, from scratch': mean(scratch.map(({ evaluations }) => evaluations.at(-1)!.returnMean)),
          };
        }),
      ),
      checks: [
        {
          name: 'smallest gain of area by soft pre-training, over seeds',
          value: Math.min(...SEEDS.map((seed) => gain(soft, seed))),
          limit: 0,
          must: 'be at least',
        },
        {
          name: 'smallest lead of the soft pre-trained area over the hard pre-trained one',
          value: Math.min(
            ...SEEDS.map((seed) => area(of(soft, seed).pretrained) - area(of(hard, seed).pretrained)),
          ),
          limit: 0,
          must: 'be at least',
        },
        {
          name: 'smallest lead of the gain by soft pre-training over the gain by hard pre-training',
          value: Math.min(...SEEDS.map((seed) => gain(soft, seed) - gain(hard, seed))),
          limit: 0,
          must: 'be at least',
        },
      ],
      pictures: {
        'fine-tuning': learningCurvesSvg('Return while a single goal is asked for, mean over goals', [
          curve('soft, pre-trained', soft, 'pretrained'),
          curve('soft, from scratch', soft, 'scratch'),
          curve('hard, pre-trained', hard, 'pretrained'),
          curve('hard, from scratch', hard, 'scratch'),
        ]),
      },
    };
  },
});
