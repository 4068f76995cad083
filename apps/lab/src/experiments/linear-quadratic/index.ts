import { continuousSoftQLearning, crossQ, maximumEntropyFlow, softActorCritic } from '@maxent/agents';
import { type Agent, type AgentDefinition, type BoxArray, Rng } from '@maxent/core';
import { linearQuadratic } from '@maxent/envs';
import { type StationaryLqrSolution, solveStationaryLqr } from '@maxent/pgm';
import { mean } from '../../statistics.js';
import { defineExperiment } from '../experiment.js';
import { type TrainingRecord, trainAgent } from '../train-agent.js';

/** x' = A x + B u + w with reward -(x'Qx + u'Ru) / 2; every matrix is square, of as many rows as the name says. */
interface System {
  readonly name: '1d' | '2d';
  readonly size: number;
  readonly A: readonly number[];
  readonly B: readonly number[];
  readonly Q: readonly number[];
  readonly R: readonly number[];
}

const SEEDS = [1, 2, 3];
const DISCOUNT = 0.9;
const TEMPERATURE = 1;
const START_DEVIATION = 0.5;
const NOISE_DEVIATION = 0.1;
/** Leaves |mean| + 4 standard deviations below half of it, for starts up to three deviations out. */
const ACTION_LIMIT = 11;
/** States at which a learned policy is read, and draws from it at each: the gain is known to about 1 %. */
const STATES = 200;
const DRAWS = 1000;

const [along, across] = [0.9 * Math.cos(0.5), 0.9 * Math.sin(0.5)];
const line: System = { name: '1d', size: 1, A: [0.9], B: [0.5], Q: [1], R: [0.5] };
/** It turns while it fades. Costs are alike in all directions: the best covariance is diagonal, as SAC's must be. */
const plane: System = {
  name: '2d',
  size: 2,
  A: [along, -across, across, along],
  B: [0.5, 0, 0, 0.5],
  Q: [1, 0, 0, 1],
  R: [0.5, 0, 0, 0.5],
};

/** An agent on a system. */
interface Case {
  /** Default: the agent's name. */
  readonly name?: string;
  readonly agent: AgentDefinition;
  readonly system: System;
  readonly config: object;
  readonly steps: number;
  readonly varianceLimit: number;
}

const GAIN_LIMIT = 0.05;
const common = {
  hiddenSizes: [64, 64],
  discount: DISCOUNT,
  temperature: TEMPERATURE,
  // Random actions go far from where the policy is; their large costs would take up the critic's accuracy.
  learningStarts: 200,
  // So would what it did long ago.
  replayCapacity: 10_000,
};
/** The smaller of two critics is too low wherever they differ, which makes policies too narrow. */
const oneCritic = { ...common, criticCount: 1 };
const softActorCriticCase = { agent: softActorCritic, varianceLimit: 0.15 };
const softQLearningCase = {
  agent: continuousSoftQLearning,
  config: {
    ...oneCritic,
    batchSize: 64,
    criticLearningRate: 2e-4,
    samplerLearningRate: 1e-4,
    fixedParticles: 16,
    updatedParticles: 16,
    targetEvery: 1,
    targetRate: 0.005,
  },
  // Finitely many particles spread too little.
  varianceLimit: 0.25,
};
/**
 * Until the shifts have found the values, the flow moves in their place. So rewards and temperature are small, which leaves
 * the best policy as it is, and the first policies narrow, which keeps values small.
 */
const energyFlowCase = (system: System, steps: number): Case => ({
  agent: maximumEntropyFlow,
  system,
  config: {
    ...common,
    flowHiddenSizes: [64],
    rewardScale: 0.1,
    temperature: 0.1 * TEMPERATURE,
    maximumLogStd: -2,
    learningStarts: 10,
    learningRate: 1e-3,
    learningRateSchedule: 'linear',
    scheduleSteps: steps,
  },
  steps,
  varianceLimit: softActorCriticCase.varianceLimit,
});
/**
 * Without target networks nothing holds the critics back: they are wide and the actor is slow, or policies drift. Rewards and
 * temperature are small as for MEow.
 */
const crossQCase = (system: System, steps: number): Case => ({
  agent: crossQ,
  system,
  config: {
    ...oneCritic,
    criticHiddenSizes: [256, 256],
    batchSize: 256,
    actorLearningRate: 3e-4,
    rewardScale: 0.1,
    temperature: 0.1 * TEMPERATURE,
    learningStarts: 10,
    learningRateSchedule: 'linear',
    scheduleSteps: steps,
  },
  steps,
  varianceLimit: softActorCriticCase.varianceLimit,
});
const softActorCriticCases: readonly Case[] = [
  {
    ...softActorCriticCase,
    system: line,
    config: { ...oneCritic, actorLearningRate: 1e-4, criticLearningRate: 2e-4 },
    steps: 45_000,
  },
  {
    ...softActorCriticCase,
    system: plane,
    config: { ...oneCritic, hiddenSizes: [128, 128], actorLearningRate: 5e-5, criticLearningRate: 1e-4 },
    steps: 90_000,
  },
];
/** SAC's cases with one more setting, under a name of their own. */
const withSetting = (name: string, setting: object): Case[] =>
  softActorCriticCases.map((one) => ({ ...one, name, config: { ...one.config, ...setting } }));
const cases: readonly Case[] = [
  ...softActorCriticCases,
  { ...softQLearningCase, system: line, steps: 30_000 },
  { ...softQLearningCase, system: plane, steps: 60_000 },
  energyFlowCase(line, 15_000),
  energyFlowCase(plane, 30_000),
  crossQCase(line, 20_000),
  crossQCase(plane, 40_000),
  ...withSetting('sac-layer-normalization', { criticLayerNormalization: true }),
  ...withSetting('sac-3-steps', { nStep: 3 }),
];

/** u ~ N(-K x, covariance), both [size, size]. */
interface LinearGaussian {
  readonly K: readonly number[];
  readonly covariance: readonly number[];
}

interface Learnt extends LinearGaussian {
  readonly record: TrainingRecord;
}

function exactPolicy(system: System): LinearGaussian {
  const matrix = (values: readonly number[]) => Float64Array.from(values);
  const { A, B, Q, R } = system;
  const noise = Q.map((_, i) => (i % (system.size + 1) === 0 ? NOISE_DEVIATION ** 2 : 0));
  const problem = { A: matrix(A), B: matrix(B), Q: matrix(Q), R: matrix(R), noiseCovariance: matrix(noise) };
  const options = { inference: 'variational', discount: DISCOUNT, temperature: TEMPERATURE } as const;
  const { K, policyCovariance }: StationaryLqrSolution = solveStationaryLqr(problem, options);
  return { K: [...K], covariance: [...policyCovariance] };
}

/**
 * The linear-Gaussian policy nearest to what an agent does: least squares of its actions on its states, and the
 * covariance of what is left, averaged over the states.
 */
export function fitPolicy(agent: Agent, size: number, seed: number): LinearGaussian {
  const rng = Rng.fromSeed(seed).split('fit');
  const stateProducts = new Float64Array(size * size);
  const actionProducts = new Float64Array(size * size);
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < STATES; i++) {
    const state = new Float64Array(size);
    rng.fillNormal(state, 0, START_DEVIATION);
    const draws = Array.from(
      { length: DRAWS },
      () => agent.act(state, { deterministic: false, rng }) as BoxArray,
    );
    const meanAction = Array.from({ length: size }, (_, j) => mean(draws.map((u) => u[j]!)));
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) {
        const at = j * size + k;
        stateProducts[at]! += state[j]! * state[k]!;
        actionProducts[at]! += meanAction[j]! * state[k]!;
        for (const u of draws) {
          covariance[at]! += ((u[j]! - meanAction[j]!) * (u[k]! - meanAction[k]!)) / ((DRAWS - 1) * STATES);
        }
      }
    }
  }
  const slope = timesInverse(actionProducts, stateProducts, size);
  return { K: slope.map((value) => -value), covariance: [...covariance] };
}

/** a b^-1 of matrices with one or two rows. */
function timesInverse(a: Float64Array, b: Float64Array, size: number): number[] {
  if (size === 1) return [a[0]! / b[0]!];
  const [p, q, r, s] = b as unknown as [number, number, number, number];
  const determinant = p * s - q * r;
  const inverse = [s / determinant, -q / determinant, -r / determinant, p / determinant];
  return [0, 2].flatMap((row) =>
    [0, 1].map((column) => a[row]! * inverse[column]! + a[row + 1]! * inverse[2 + column]!),
  );
}

/** |found - expected| / |expected|, Frobenius norms. */
function relativeError(found: readonly number[], expected: readonly number[]): number {
  return Math.hypot(...found.map((value, i) => value - expected[i]!)) / Math.hypot(...expected);
}

const labelOf = ({ name, agent }: Case): string => name ?? agent.name;
const nameOf = (one: Case, seed: number): string => `${labelOf(one)}-${one.system.name}-seed${seed}`;

/** `lab reproduce linear-quadratic`: what is learned from samples is what the Riccati equation gives. */
export const linearQuadraticOracle = defineExperiment<Learnt>({
  description:
    'SAC, with its options too, CrossQ, MEow and continuous soft Q-learning against the discounted Riccati equation',
  claim:
    'On linear systems with quadratic cost at a fixed temperature, learned policies are the exact ones, u ~ N(-K x, ' +
    "temperature (R + discount B'PB)^-1): over seeds 1 to 3 the mean gain within 5 %, and the mean covariance within " +
    '15 % for CrossQ, MEow and SAC, plain, with layer normalization and with 3-step returns, and 25 % for soft ' +
    'Q-learning, in Frobenius norms.',
  units: cases.flatMap((one) =>
    SEEDS.map((seed) => ({
      name: nameOf(one, seed),
      run: async (progress: (line: string) => void) => {
        const { agent, system, config, steps } = one;
        const { size } = system;
        const rows = (values: readonly number[]) =>
          Array.from({ length: size }, (_, i) => values.slice(i * size, (i + 1) * size));
        const options = {
          A: rows(system.A),
          B: rows(system.B),
          Q: rows(system.Q),
          R: rows(system.R),
          noiseDeviations: new Array<number>(size).fill(NOISE_DEVIATION),
          startDeviation: START_DEVIATION,
          actionLimit: ACTION_LIMIT,
        };
        const { record, examined } = await trainAgent(
          {
            agent,
            config,
            environment: linearQuadratic,
            options,
            steps,
            seed,
            evaluation: { every: steps / 5, episodes: 10 },
          },
          progress,
          (trained) => fitPolicy(trained, size, seed),
        );
        return { record, ...examined };
      },
    })),
  ),
  conclude: (results) => {
    const judged = cases.map((one) => {
      const exact = exactPolicy(one.system);
      const rows = SEEDS.map((seed) => {
        const learned = results.get(nameOf(one, seed))!;
        return {
          agent: labelOf(one),
          system: one.system.name,
          seed,
          K: learned.K[0]!,
          'exact K': exact.K[0]!,
          'gain error': relativeError(learned.K, exact.K),
          variance: learned.covariance[0]!,
          'exact variance': exact.covariance[0]!,
          'variance error': relativeError(learned.covariance, exact.covariance),
        };
      });
      const name = `${labelOf(one)}, ${one.system.name}`;
      const meanOf = (part: 'K' | 'covariance') =>
        exact[part].map((_, i) => mean(SEEDS.map((seed) => results.get(nameOf(one, seed))![part][i]!)));
      const check = (what: string, part: 'K' | 'covariance', limit: number) => ({
        name: `${name}: error of the mean ${what}`,
        value: relativeError(meanOf(part), exact[part]),
        limit,
        must: 'be at most' as const,
      });
      return {
        rows,
        checks: [check('gain', 'K', GAIN_LIMIT), check('covariance', 'covariance', one.varianceLimit)],
      };
    });
    return {
      table: judged.flatMap(({ rows }) => rows),
      checks: judged.flatMap(({ checks }) => checks),
      pictures: {},
    };
  },
});
