import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { type KernelChoice, selectBackend } from '@maxent/backend';
import { Box, Rng } from '@maxent/core';
import type { DoctorAnswer } from './answer.js';
import { relativeDistance } from './relative-distance.js';

const UPDATES = 3;
/** Kernels of different rounding stay well within this over so few updates. */
const TOLERANCE = 1e-4;

export type KernelComparison = NonNullable<DoctorAnswer['selfCheck']['kernels']>;

/**
 * Takes the same gradient steps of soft actor-critic, in which every kind of kernel runs, with the addon and with the
 * WebAssembly kernels. Kernels of the same rounding must give the same weights to the last bit. Leaves the latter in use.
 */
export async function compareKernels(
  threads: number | undefined,
): Promise<{ readonly passed: boolean; readonly kernels: KernelComparison }> {
  const addon = await learn('addon', threads);
  const wasm = await learn('wasm', threads);
  const equal = addon.weights.every((weight, i) => Object.is(weight, wasm.weights[i]));
  const relativeError = relativeDistance(addon.weights, wasm.weights);
  const sameRounding = addon.report.rounding === wasm.report.rounding;
  return {
    passed: sameRounding ? equal : relativeError <= TOLERANCE,
    kernels: { addon: addon.report.simd, wasm: wasm.report.simd, sameRounding, equal, relativeError },
  };
}

async function learn(kernels: KernelChoice, threads: number | undefined) {
  const report = await selectBackend({ prefer: 'wasm', kernels, threads });
  const rng = Rng.fromSeed(0).split('kernels');
  const observationSpace = new Box({ low: -1, high: 1, shape: [17] });
  const actionSpace = new Box({ low: -1, high: 1, shape: [6] });
  // Sizes that are no multiple of any vector's width.
  const config = softActorCriticConfig.parse({
    ...{ hiddenSizes: [67, 45], batchSize: 61, learningStarts: 0, replayCapacity: 100 },
  });
  const agent = new SoftActorCritic({ observationSpace, actionSpace, rng: rng.split('agent') }, config);
  try {
    for (let updates = 0; updates < UPDATES; updates += agent.update().gradientSteps) {
      agent.observe({
        observation: observationSpace.sample(rng),
        action: actionSpace.sample(rng),
        reward: rng.normal(),
        nextObservation: observationSpace.sample(rng),
        terminated: false,
        truncated: false,
      });
    }
    const { arrays } = agent.save();
    const weights = Object.values(arrays).flatMap(({ data }) =>
      data instanceof Float32Array ? [...data] : [],
    );
    return { report, weights: Float32Array.from(weights) };
  } finally {
    agent.dispose();
  }
}
