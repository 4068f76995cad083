import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { Box, Rng, type UpdateResult } from '@maxent/core';
import { LatentSpaceAgent, latentSpacePolicyConfig } from '@maxent/hierarchy';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { describeMachine, describeVersions } from '../machine.js';
import { benchmarkSizes, randomTransitions } from '../sac-update/workload.js';
import { millisecondsPerCall, warmFor } from '../stopwatch.js';

const ROUNDS = 7;
const UPDATES_PER_RUN = 20;
const WARM_MILLISECONDS = 3000;
const REPLAY_ROWS = 10_000;

/** What a flow policy's update may cost in those of a Gaussian one. */
const LARGEST_RATIO = 1.6;

/** `maxent bench flow`: a gradient step with a flow policy against one with a Gaussian policy, the rest the same. */
export const flow: Benchmark = {
  description: 'One SAC gradient step with a flow policy against one with a Gaussian policy',
  run,
};

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const { simd, reason, fused } = await selectBackend({ prefer: 'wasm' });
  if (!fused) throw new BenchmarkFailedError(`the fused kernels are not in use here: ${reason}`);
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
  const answer = {
    name: 'flow',
    machine: describeMachine(simd),
    versions: describeVersions(),
    rows,
    ratios: {
      flowOverGaussian: ratio,
      fourLayersOverGaussian: four / gaussian,
      flowOnLatentsOverGaussian: onLatents / gaussian,
    },
    notes: [
      `batch ${batchSize}, ${observationSize} observations, ${actionSize} actions, hidden layers ${hiddenSizes.join(' and ')}`,
      `medians of ${ROUNDS} alternating runs of ${UPDATES_PER_RUN} gradient steps, one process; storing a transition and sampling the batch included`,
      `a flow policy of 2 coupling layers, the default, must cost at most ${LARGEST_RATIO} times a Gaussian one`,
    ],
  };
  if (ratio > LARGEST_RATIO) {
    throw new BenchmarkFailedError(
      `an update with a flow policy takes ${ratio.toFixed(2)} times one with a Gaussian policy, more than ${LARGEST_RATIO}: ${JSON.stringify(answer.ratios)}`,
    );
  }
  return answer;
}

/** Each update stores a transition, samples a batch from replay and takes one gradient step. */
function contender(label: string, agent: SoftActorCritic): Contender {
  const transitions = randomTransitions(REPLAY_ROWS, 1, benchmarkSizes);
  for (const transition of transitions) agent.observe(transition);
  let updates = 0;
  let last: UpdateResult | undefined;
  const update = (): void => {
    agent.observe(transitions[updates % REPLAY_ROWS]!);
    last = agent.update();
    updates += last.gradientSteps;
  };
  return {
    label,
    unit: 'ms/update',
    warmUp: () => warmFor(WARM_MILLISECONDS, UPDATES_PER_RUN, update),
    measure: () => {
      const before = updates;
      const milliseconds = millisecondsPerCall(UPDATES_PER_RUN, update, () => last!.metrics());
      if (updates - before !== UPDATES_PER_RUN) {
        throw new BenchmarkFailedError(
          `${label}: ${updates - before} gradient steps in a run that must take ${UPDATES_PER_RUN}`,
        );
      }
      return milliseconds;
    },
  };
}
