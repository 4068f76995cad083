import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { Box, Rng } from '@maxent/core';
import { LatentSpaceAgent, latentSpacePolicyConfig } from '@maxent/hierarchy';
import { broken } from '../../checks.js';
import { describeMachine, describeVersions } from '../../machine.js';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { gradientStepsOf } from '../sac-update/gradient-steps.js';
import { benchmarkSizes } from '../sac-update/workload.js';

const ROUNDS = 7;
const UPDATES_PER_RUN = 20;
const WARM_MILLISECONDS = 3000;

/** Limit on the cost of a flow policy's update, relative to a Gaussian policy's. */
const LARGEST_RATIO = 1.6;

/** `lab bench flow`: a gradient step with a flow policy against one with a Gaussian policy, the rest the same. */
export const flow: Benchmark = {
  description: 'One SAC gradient step with a flow policy against one with a Gaussian policy',
  run,
};

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const report = await selectBackend({ prefer: 'wasm', threads: 1 });
  if (!report.fused) {
    throw new BenchmarkFailedError(`the fused kernels are not in use here: ${report.reason}`);
  }
  const { batchSize, hiddenSizes, observationSize, actionSize } = benchmarkSizes;
  const common = { batchSize, hiddenSizes: [...hiddenSizes], learningStarts: 0, replayCapacity: 100_000 };
  const latent = new Box({ low: -Infinity, high: Infinity, shape: [actionSize] });
  const cube = new Box({ low: -1, high: 1, shape: [actionSize] });
  const context = (actionSpace: Box) => ({
    observationSpace: new Box({ low: -Infinity, high: Infinity, shape: [observationSize] }),
    actionSpace,
    rng: Rng.fromSeed(1).split('agent'),
  });
  const flowOf = (couplingLayers: number, space: Box) =>
    new LatentSpaceAgent(context(space), latentSpacePolicyConfig.parse({ ...common, couplingLayers }));

  const contenders = [
    contender('Gaussian policy', new SoftActorCritic(context(cube), softActorCriticConfig.parse(common))),
    contender('flow policy, 2 coupling layers', flowOf(2, cube)),
    contender('flow policy, 4 coupling layers', flowOf(4, cube)),
    contender('flow policy on latents, 2 coupling layers', flowOf(2, latent)),
  ];
  const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
  const [gaussian, two, four, onLatents] = rows.map(({ median }) => median) as [
    number,
    number,
    number,
    number,
  ];
  const ratio = two / gaussian;
  return {
    name: 'flow',
    machine: describeMachine(report),
    versions: describeVersions(),
    rows,
    ratios: {
      flowOverGaussian: ratio,
      fourLayersOverGaussian: four / gaussian,
      flowOnLatentsOverGaussian: onLatents / gaussian,
    },
    failures: broken([{ name: 'flowOverGaussian', value: ratio, limit: LARGEST_RATIO, must: 'be at most' }]),
    notes: [
      `batch ${batchSize}, ${observationSize} observations, ${actionSize} actions, hidden layers ${hiddenSizes.join(' and ')}`,
      `medians of ${ROUNDS} alternating runs of ${UPDATES_PER_RUN} gradient steps, one process; storing a transition and sampling the batch included`,
      `a flow policy of 2 coupling layers, the default, must cost at most ${LARGEST_RATIO} times a Gaussian one`,
    ],
  };
}

function contender(label: string, agent: SoftActorCritic): Contender {
  const steps = gradientStepsOf(agent, benchmarkSizes);
  return {
    label,
    unit: 'ms/update',
    warmUp: () => steps.warm(WARM_MILLISECONDS, UPDATES_PER_RUN),
    measure: () => steps.measure(UPDATES_PER_RUN),
  };
}
