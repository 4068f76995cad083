import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { describeAddon } from '@maxent/backend';
import { Box, Rng } from '@maxent/core';
import { LatentSpaceAgent, latentSpacePolicyConfig } from '@maxent/hierarchy';
import { broken, type Check } from '../../checks.js';
import { describeMachine, describeVersions } from '../../machine.js';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { type Kernels, kernelsHere, onKernels, useKernels } from '../kernel-choices.js';
import { gradientStepsOf } from '../sac-update/gradient-steps.js';
import { benchmarkSizes } from '../sac-update/workload.js';

const ROUNDS = 7;
const UPDATES_PER_RUN = 20;
const WARM_MILLISECONDS = 3000;

/** Limit on the cost of a flow policy's update with the addon, relative to a Gaussian policy's: of 2 layers, the default. */
const LARGEST_RATIO = 1.3;

/** `lab bench flow`: a gradient step with a flow policy against one with a Gaussian policy, the rest the same. */
export const flow: Benchmark = {
  description: 'One SAC gradient step with a flow policy against one with a Gaussian policy',
  run,
};

/** The policies, and the names of their ratios to the first one. */
const policies = [
  { label: 'Gaussian policy', ratio: undefined },
  { label: 'flow policy, 2 coupling layers', ratio: 'flowOverGaussian' },
  { label: 'flow policy, 4 coupling layers', ratio: 'fourLayersOverGaussian' },
  { label: 'flow policy on latents, 2 coupling layers', ratio: 'flowOnLatentsOverGaussian' },
] as const;

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const choices = kernelsHere();
  const report = await useKernels(choices[0]);
  if (!report.fused) {
    throw new BenchmarkFailedError(`the fused kernels are not in use here: ${report.reason}`);
  }
  const contenders: Contender[] = [];
  for (const kernels of choices) {
    await useKernels(kernels);
    const agents = agentsOf();
    for (const [i, { label }] of policies.entries()) {
      contenders.push(onKernels(kernels, contender(label + suffixOf(kernels), agents[i]!)));
    }
  }
  const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
  const medianOf = (label: string): number => rows.find((row) => row.label === label)!.median;
  const ratios: Record<string, number> = {};
  const checks: Check[] = [];
  for (const kernels of choices) {
    for (const { label, ratio } of policies) {
      if (ratio === undefined) continue;
      const suffix = suffixOf(kernels);
      const value = medianOf(label + suffix) / medianOf(policies[0].label + suffix);
      const name = kernels === choices[0] ? ratio : `${ratio}Wasm`;
      ratios[name] = value;
      if (kernels === 'addon' && ratio === 'flowOverGaussian') {
        checks.push({ name, value, limit: LARGEST_RATIO, must: 'be at most' });
      }
    }
  }
  const { batchSize, hiddenSizes, observationSize, actionSize } = benchmarkSizes;
  return {
    name: 'flow',
    machine: describeMachine(report),
    versions: describeVersions(),
    rows,
    ratios,
    failures: broken(checks),
    notes: [
      `batch ${batchSize}, ${observationSize} observations, ${actionSize} actions, hidden layers ${hiddenSizes.join(' and ')}`,
      `medians of ${ROUNDS} alternating runs of ${UPDATES_PER_RUN} gradient steps, one process, one thread; storing a transition and sampling the batch included`,
      `with the addon, a flow policy of 2 coupling layers, the default, must cost at most ${LARGEST_RATIO} times a Gaussian one; the others are only shown`,
      ...(choices[0] === 'addon'
        ? []
        : [`the addon is absent, so nothing is judged: ${describeAddon().reason}`]),
    ],
  };
}

const suffixOf = (kernels: Kernels): string => (kernels === 'wasm' ? ', on wasm' : '');

/** An agent for each of the policies. */
function agentsOf(): SoftActorCritic[] {
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
  const gaussian = new SoftActorCritic(context(cube), softActorCriticConfig.parse(common));
  return [gaussian, flowOf(2, cube), flowOf(4, cube), flowOf(2, latent)];
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
