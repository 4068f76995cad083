import { isMaxentError, Rng, type SparseRows, type TabularMdp } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import * as pgm from './index.js';

const doubles = (...values: number[]): Float64Array => Float64Array.from(values);

/** Valid arguments of every function and class, made anew for each call. */
function calls(): Record<string, () => unknown[]> {
  const transition: SparseRows = {
    rowCount: 4,
    columnCount: 2,
    rowOffsets: Uint32Array.of(0, 1, 2, 3, 4),
    columns: Uint32Array.of(0, 1, 1, 0),
    values: doubles(1, 1, 1, 1),
  };
  const mdp: TabularMdp = {
    stateCount: 2,
    actionCount: 2,
    transition,
    reward: doubles(0, -1, -0.5, -1),
    initial: doubles(0.5, 0.5),
    terminal: Uint8Array.of(0, 0),
  };
  const policy = doubles(0.5, 0.5, 0.5, 0.5);
  const variational = { inference: 'variational' as const, discount: 0.9 };
  const emission = { kind: 'gaussian' as const, means: doubles(0, 1), stds: doubles(1, 1) };
  const hmm = { initial: doubles(0.5, 0.5), transition: doubles(0.9, 0.1, 0.2, 0.8) };
  const emitting = { ...hmm, emission };
  const logLikelihoods = doubles(-1, -2, -2, -1);
  const gaussian = {
    initialMean: doubles(0),
    initialCovariance: doubles(1),
    F: doubles(1),
    Q: doubles(1),
    H: doubles(1),
    R: doubles(1),
  };
  const model = new pgm.LinearGaussianModel(gaussian);
  const observations = doubles(1, 2, 3);
  const filtered = pgm.kalmanFilter(model, observations);
  const lqr = {
    A: doubles(1),
    B: doubles(1),
    Q: doubles(1),
    R: doubles(1),
    noiseCovariance: doubles(0.1),
    terminalCost: doubles(0),
  };
  const { terminalCost: _, ...endless } = lqr;
  const finite = { inference: 'variational' as const, horizon: 2 };
  const solution = pgm.solveLqr(lqr, finite);
  const start = { initialMean: doubles(0), initialCovariance: doubles(1) };
  const sensor = { H: doubles(1), observationCovariance: doubles(1) };
  const input = { variables: { A: 2, B: 2 }, factors: [{ variables: ['A', 'B'], values: [1, 2, 3, 4] }] };
  const graph = new pgm.FactorGraph(input);
  const rng = Rng.fromSeed(1);
  const series = [model, observations, {}];
  const unknown = { tasks: [mdp, { ...mdp, reward: doubles(-1, 0, 0, 1) }], prior: doubles(0.5, 0.5) };
  const arms = { arms: [{ alpha: 1, beta: 2 }] };
  const horizon = { episodes: 2, steps: 2 };
  const asks = [graph, { evidence: { A: 1 } }];
  return {
    FactorGraph: () => [input],
    LinearGaussianModel: () => [gaussian],
    LinearGaussianPolicy: () => [doubles(1), doubles(1)],
    LqgController: () => [lqr, solution, sensor, start],
    OnlineHmmFilter: () => [hmm, { lag: 1 }],
    OnlineKalmanFilter: () => [model],
    bayesAdaptiveMdp: () => [unknown, horizon],
    bellmanOperator: () => [mdp, variational],
    calibrateJunctionTree: () => asks,
    controlEvidence: () => [mdp, { horizon: 2 }],
    controlMessages: () => [mdp, { horizon: 2 }],
    discountedOccupancy: () => [mdp, pgm.solveTabular(mdp, variational), variational],
    emissionLogLikelihoods: () => [emission, [0, null, 1]],
    evaluateLqrPolicy: () => [lqr, { K: doubles(1), policyCovariance: doubles(1) }, start, { discount: 0.9 }],
    evaluatePolicy: () => [mdp, policy, { horizon: 1 }],
    expectedReturn: () => [mdp, policy, { horizon: 1 }],
    fitHmm: () => [emitting, [[0, 1, 0]], { maxIterations: 1 }],
    fitLinearGaussian: () => [model, [{ observations }], { maxIterations: 1 }],
    forecastHmm: () => [hmm, { filtered: doubles(0.5, 0.5) }, 2],
    forecastLinearGaussian: () => [model, filtered, 2, {}],
    hmmExpectedTransitions: () => [hmm, logLikelihoods],
    hmmFilter: () => [hmm, logLikelihoods],
    hmmFixedLagSmooth: () => [hmm, logLikelihoods, 1],
    hmmPairwiseMarginals: () => [hmm, logLikelihoods],
    hmmSmooth: () => [hmm, logLikelihoods],
    hmmTwoFilterSmooth: () => [hmm, logLikelihoods],
    hmmViterbi: () => [hmm, logLikelihoods],
    inferControl: () => [mdp, { ...variational, horizon: 2 }],
    inferFactorGraph: () => [graph, { queries: [['A']], evidence: { B: 0 } }],
    jointMarginal: () => [graph, ['A', 'B'], {}],
    kalmanFilter: () => series,
    knownTaskValue: () => [unknown, horizon],
    linearGaussianLogLikelihood: () => series,
    logPartitionFunction: () => asks,
    loopyMaxProduct: () => asks,
    loopySumProduct: () => asks,
    lqgExpectedReturn: () => [lqr, solution, sensor, start],
    lqrEvidence: () => [lqr, start, { horizon: 2 }],
    lqrPolicyAtTime: () => [solution, 0],
    lqrStateMarginals: () => [lqr, solution, start],
    maxCalibrateJunctionTree: () => asks,
    maxProduct: () => asks,
    mostProbableAssignment: () => asks,
    optimism: () => [mdp, { horizon: 2 }],
    posteriorDynamics: () => [mdp, doubles(0, 0), {}],
    posteriorSamplingValue: () => [arms, horizon],
    rtsSmooth: () => [model, filtered],
    sampleHmm: () => [emitting, 2, rng],
    sampleHmmPosterior: () => [hmm, logLikelihoods, 2, rng],
    sampleLinearGaussian: () => [model, 2, rng, {}],
    sampleLinearGaussianPosterior: () => [model, filtered, 2, rng],
    softPolicyIteration: () => [mdp, { discount: 0.9 }],
    solveAverageReward: () => [mdp, { inference: 'variational' }],
    solveLqr: () => [lqr, finite],
    solveStationaryLqr: () => [endless, { inference: 'variational', discount: 0.9 }],
    solveTabular: () => [mdp, variational],
    sumProduct: () => asks,
    variationalBound: () => [mdp, policy, { horizon: 1 }],
  };
}

function call(name: string, argument: readonly unknown[]): unknown {
  const value = (pgm as unknown as Record<string, new (...given: readonly unknown[]) => unknown>)[name]!;
  if (/^[A-Z]/.test(name)) return new value(...argument);
  return (value as unknown as (...given: readonly unknown[]) => unknown)(...argument);
}

/** What somebody without a compiler may write in place of a value. */
function mistakesFor(value: unknown): unknown[] {
  const nested = ArrayBuffer.isView(value) ? [[[...(value as Float64Array)]]] : [];
  const flat = ArrayBuffer.isView(value) ? [[...(value as Float64Array)]] : [];
  return [undefined, null, 'x', 7, {}, [], ...nested, ...flat];
}

/** The arguments with one mistake somewhere, as deep as plain records and lists go, and a description of each. */
function* mistaken(value: unknown, path: string): Generator<[unknown, string]> {
  const own = Object.prototype.toString.call(value);
  const record = own === '[object Object]' && Object.getPrototypeOf(value) === Object.prototype;
  if (record || Array.isArray(value)) {
    for (const [key, part] of Object.entries(value as Record<string, unknown>)) {
      for (const [changed, what] of mistaken(part, `${path}.${key}`)) {
        const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
          string,
          unknown
        >;
        copy[key] = changed;
        yield [copy, what];
      }
    }
  }
  for (const mistake of mistakesFor(value)) yield [mistake, `${path} = ${JSON.stringify(mistake)}`];
}

describe('from plain JavaScript', () => {
  it('every function is tried', () => {
    const callable = Object.entries(pgm).flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : [],
    );
    expect(Object.keys(calls()).sort()).toEqual(callable.filter((name) => name !== 'JunctionTree').sort());
  });

  it.each(Object.keys(calls()))('%s works, and says what is wrong with any argument', (name) => {
    const valid = calls()[name]!();
    call(name, valid);
    const faults: string[] = [];
    for (let i = 0; i < valid.length; i++) {
      for (const [changed, what] of mistaken(valid[i], `argument ${i}`)) {
        const given = valid.map((each, j) => (j === i ? changed : each));
        try {
          call(name, given);
        } catch (error) {
          if (!isMaxentError(error)) faults.push(`${what}: ${error}`);
        }
      }
    }
    for (let count = 0; count < valid.length; count++) {
      try {
        call(name, valid.slice(0, count));
      } catch (error) {
        if (!isMaxentError(error)) faults.push(`${count} arguments: ${error}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
