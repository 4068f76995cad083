import {
  InvalidInputError,
  InvalidStateError,
  type Rng,
  requireObject,
  requireTypedNumbers,
} from '@maxent/core';
import { LinearGaussianModel } from '../lgssm/model.js';
import { OnlineKalmanFilter } from '../lgssm/online-kalman-filter.js';
import { covarianceFactor } from '../linear-algebra/covariance-factor.js';
import { multiply } from '../linear-algebra/multiply.js';
import { requireSymmetricPositiveDefinite } from '../linear-algebra/require-matrix.js';
import { evaluateLqrPolicy, squaredProduct } from './evaluate-policy.js';
import { lqrPolicyAtTime, requireSolution } from './linear-gaussian-policy.js';
import { type CheckedLqrProblem, checkLqrProblem, type LqrProblem } from './lqr-problem.js';
import type { LqrSolution } from './solve-lqr.js';
import { type LqrStart, requireSolutionOf } from './state-marginals.js';

/** What is observed of the state: y = H x + v with v ~ N(0, observationCovariance). */
export interface LqgSensor {
  /** [p, n] */
  readonly H: Float64Array;
  /** [p, p], positive definite. */
  readonly observationCovariance: Float64Array;
}

/**
 * Linear-quadratic-Gaussian control: a Kalman filter in the loop, and the regulator's policy on the filtered mean
 * instead of the state, u_t ~ N(-K_t E[x_t | y_0 .. y_t], policyCovariance_t). This is optimal (the separation
 * principle; Wonham, On the separation theorem of stochastic control, 1968) only for the `variational` solution: a
 * risk-seeking controller would have to filter optimistically too.
 */
export class LqgController {
  /** The time t of the observation that `act` expects next. */
  time = 0;
  private readonly filter: OnlineKalmanFilter;

  /** Throws InvalidInputError that names the matrix or entry at fault, and for a solution by `exact` inference. */
  constructor(
    problem: LqrProblem,
    private readonly solution: LqrSolution,
    sensor: LqgSensor,
    start: LqrStart,
  ) {
    requireVariational(solution);
    const checked = checkLqrProblem(problem);
    requireSolutionOf(checked, solution);
    this.filter = new OnlineKalmanFilter(filterModel(checked, sensor, start));
  }

  /** E[x_t | y_0 .. y_{t-1}], [n], for the time t of the observation that `act` expects next. */
  get mean(): Float64Array {
    return this.filter.mean.slice();
  }

  /**
   * Returns the control u_t, [m], after the observation y_t, [p], in which NaN marks a missing component; without
   * `rng`, the mean of the policy. Moves the filter on to t + 1. Throws InvalidStateError after the last step.
   */
  act(observation: Float64Array, rng?: Rng): Float64Array {
    if (this.time >= this.solution.horizon) {
      throw new InvalidStateError(
        `all ${this.solution.horizon} steps have been taken; make a new controller`,
      );
    }
    this.filter.update(observation);
    const policy = lqrPolicyAtTime(this.solution, this.time);
    const estimate = this.filter.mean;
    const control = rng === undefined ? policy.mean(estimate) : policy.sample(estimate, rng);
    this.filter.predict(control);
    this.time += 1;
    return control;
  }
}

/**
 * Returns the expected discounted return of `LqgController` with sampled controls: the return of a regulator that sees
 * the state, minus the cost of not seeing it, which is the sum over t of discount^t tr(K_t'G_t K_t C_t) / 2, where C_t
 * is the covariance of x_t given y_0 .. y_t and G_t = R + discount B'P_{t+1} B. Throws InvalidInputError as the
 * controller does.
 */
export function lqgExpectedReturn(
  problem: LqrProblem,
  solution: LqrSolution,
  sensor: LqgSensor,
  start: LqrStart,
): number {
  requireVariational(solution);
  const checked = checkLqrProblem(problem);
  requireSolutionOf(checked, solution);
  const { stateSize: n, controlSize: m, factors, B } = checked;
  const { horizon, discount, temperature, K, P } = solution;
  const model = filterModel(checked, sensor, start);
  const filter = new OnlineKalmanFilter(model);
  const anyObservation = new Float64Array(model.observationSize);
  const anyControl = new Float64Array(m);
  const uncertainty = new Float64Array(n * n);
  const valueFactor = new Float64Array(n * n);
  const misjudged = new Float64Array(m * n);
  const misplaced = new Float64Array(n * n);
  let lost = 0;
  let weight = 1;
  for (let t = 0; t < horizon; t++) {
    // The filter's covariance does not depend on the observations and controls that it is given.
    filter.update(anyObservation);
    covarianceFactor(uncertainty, filter.covariance, n);
    filter.predict(anyControl);
    multiply(misjudged, K.subarray(t * m * n, (t + 1) * m * n), uncertainty, m, n, n);
    multiply(misplaced, B, misjudged, n, m, n);
    covarianceFactor(valueFactor, P.subarray((t + 1) * n * n, (t + 2) * n * n), n);
    lost +=
      0.5 *
      weight *
      (squaredProduct(factors.R, misjudged, m, n) + discount * squaredProduct(valueFactor, misplaced, n, n));
    weight *= discount;
  }
  return evaluateLqrPolicy(problem, solution, start, { temperature, discount }).expectedReturn - lost;
}

function filterModel(problem: CheckedLqrProblem, sensor: LqgSensor, start: LqrStart): LinearGaussianModel {
  requireObject('sensor', sensor, '{ H, observationCovariance }');
  requireObject('start', start, '{ initialMean, initialCovariance }');
  const { H, observationCovariance } = sensor;
  requireTypedNumbers('H', H);
  const observed = H.length / problem.stateSize;
  if (observed === 0 || !Number.isInteger(observed)) {
    throw new InvalidInputError(
      'H',
      `expected rows of ${problem.stateSize} entries, got ${H.length} entries`,
    );
  }
  requireSymmetricPositiveDefinite('observationCovariance', observationCovariance, observed);
  return new LinearGaussianModel({
    ...start,
    F: problem.A,
    B: problem.B,
    Q: problem.noiseCovariance,
    H,
    R: observationCovariance,
  });
}

function requireVariational(solution: LqrSolution): void {
  requireSolution(solution);
  const { inference } = solution;
  if (inference === 'variational') return;
  throw new InvalidInputError(
    'solution.inference',
    `expected "variational", got "${inference}": estimating the state first and then controlling is not optimal for it`,
  );
}
