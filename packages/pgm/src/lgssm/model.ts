import {
  InvalidInputError,
  isFloat64Array,
  isRecord,
  requireNumbers,
  requireObject,
  requireTypedNumbers,
  showValue,
} from '@maxent/core';
import {
  requireMatrix,
  requireSymmetricPositiveDefinite,
  requireVector,
} from '../linear-algebra/require-matrix.js';

/** One matrix or vector for all times, or one for each time. */
export type TimeVarying = Float64Array | readonly Float64Array[];

/**
 * Parameters of z_{t+1} = F_t z_t + B_t u_t + b_t + N(0, Q_t) and y_t = H_t z_t + D_t u_t + d_t + N(0, R_t), with n
 * states, m observed components and k inputs. Matrices are row-major. Each of F, Q, H, R, B, D, b and d may be an array
 * with one entry for each time: H, R, D and d at least one for each observation; F, Q, B and b, which move the state
 * from t to t + 1, at least one for each step between observations. Inputs are indexed in the same way: u_t moves the
 * state from t to t + 1. (TensorFlow Probability does so too; in dynamax 1.0, index t belongs to the step into t.)
 */
export interface LinearGaussianParameters {
  /** Mean of the state at the first observation, [n]. */
  readonly initialMean: Float64Array;
  /** Covariance of the state at the first observation, [n, n]; may be singular, 0 for a known start. */
  readonly initialCovariance: Float64Array;
  /** [n, n] */
  readonly F: TimeVarying;
  /** [n, n]; may be singular, 0 for a deterministic transition. */
  readonly Q: TimeVarying;
  /** [m, n] */
  readonly H: TimeVarying;
  /** [m, m], positive definite. */
  readonly R: TimeVarying;
  /** Effect of the inputs on the next state, [n, k]. */
  readonly B?: TimeVarying;
  /** Effect of the inputs on the observation, [m, k]. */
  readonly D?: TimeVarying;
  /** Offset of the transition, [n]. */
  readonly b?: TimeVarying;
  /** Offset of the observation, [m]. */
  readonly d?: TimeVarying;
}

/**
 * A linear-Gaussian state-space model. Throws InvalidInputError that names the entry at fault, such as `Q[1][0]` (with
 * the time first if Q varies, `Q[7][1][0]`), for shapes that do not fit, numbers that are not finite, and covariances
 * that are not symmetric or not positive (semi)definite. The arrays are kept, not copied, and must not change
 * afterwards.
 */
export class LinearGaussianModel {
  /** n */
  readonly stateSize: number;
  /** m */
  readonly observationSize: number;
  /** k, 0 for a model with neither B nor D. */
  readonly inputSize: number;
  /** Lower-triangular square roots: L L' is the covariance. */
  readonly factors: {
    readonly initialCovariance: Float64Array;
    readonly Q: TimeVarying;
    readonly R: TimeVarying;
  };

  constructor(readonly parameters: LinearGaussianParameters) {
    requireObject('parameters', parameters, '{ initialMean, initialCovariance, F, Q, H, R }');
    const { initialMean, initialCovariance, F, Q, H, R, B, D, b, d } = parameters;
    requireTypedNumbers('initialMean', initialMean);
    for (const [field, parameter] of Object.entries({ F, Q, H, R })) requireParameter(field, parameter);
    for (const [field, parameter] of Object.entries({ B, D, b, d })) {
      if (parameter !== undefined) requireParameter(field, parameter);
    }
    const n = initialMean.length;
    if (n === 0) throw new InvalidInputError('initialMean', 'expected at least one entry, got none');
    const m = sizeBeside('H', H, n);
    const k = B !== undefined ? sizeBeside('B', B, n) : D !== undefined ? sizeBeside('D', D, m) : 0;
    this.stateSize = n;
    this.observationSize = m;
    this.inputSize = k;
    requireVector('initialMean', initialMean, n);
    const initialFactor = requireSymmetricPositiveDefinite('initialCovariance', initialCovariance, n, {
      semidefinite: true,
    });
    overTime('F', F, (field, matrix) => requireMatrix(field, matrix, n, n));
    overTime('H', H, (field, matrix) => requireMatrix(field, matrix, m, n));
    if (B !== undefined) overTime('B', B, (field, matrix) => requireMatrix(field, matrix, n, k));
    if (D !== undefined) overTime('D', D, (field, matrix) => requireMatrix(field, matrix, m, k));
    if (b !== undefined) overTime('b', b, (field, vector) => requireVector(field, vector, n));
    if (d !== undefined) overTime('d', d, (field, vector) => requireVector(field, vector, m));
    this.factors = {
      initialCovariance: initialFactor,
      Q: overTime('Q', Q, (field, matrix) =>
        requireSymmetricPositiveDefinite(field, matrix, n, { semidefinite: true }),
      ),
      R: overTime('R', R, (field, matrix) => requireSymmetricPositiveDefinite(field, matrix, m)),
    };
  }
}

/** Throws InvalidInputError unless `model` is a LinearGaussianModel, from this copy of the package or another. */
export function requireLinearGaussian(model: LinearGaussianModel): void {
  if (isRecord(model) && isRecord(model.factors) && Number.isInteger(model.stateSize)) return;
  throw new InvalidInputError(
    'model',
    `expected a LinearGaussianModel, got ${showValue(model)}; write new LinearGaussianModel({ initialMean, ... })`,
  );
}

/** Returns the value of a parameter at time t. */
export function atTime(parameter: TimeVarying, t: number): Float64Array {
  return isFloat64Array(parameter) ? parameter : parameter[t]!;
}

/** Applies `act` to a parameter's only value, or to its value at each time, with a field such as `Q[7]`. */
function overTime<T>(
  field: string,
  parameter: TimeVarying,
  act: (field: string, value: Float64Array) => T,
): T | T[] {
  return isFloat64Array(parameter)
    ? act(field, parameter)
    : parameter.map((value, t) => act(`${field}[${t}]`, value));
}

/** Throws InvalidInputError unless `parameter` is one Float64Array, or an array of them. */
function requireParameter(field: string, parameter: unknown): void {
  if (isFloat64Array(parameter)) return;
  if (!Array.isArray(parameter) || typeof parameter[0] === 'number') requireDoubles(field, parameter);
  else for (const [t, value] of parameter.entries()) requireDoubles(`${field}[${t}]`, value);
}

function requireDoubles(field: string, value: unknown): void {
  requireNumbers(field, value);
  if (isFloat64Array(value)) return;
  throw new InvalidInputError(
    field,
    `expected a Float64Array, got ${showValue(value)}; write Float64Array.from(value)`,
  );
}

/** Returns the other size of a matrix, given that one size is `size`. */
function sizeBeside(field: string, parameter: TimeVarying, size: number): number {
  const first = isFloat64Array(parameter) ? parameter : parameter[0];
  if (first === undefined || first.length === 0) {
    throw new InvalidInputError(field, 'expected at least one entry, got none');
  }
  if (first.length % size !== 0) {
    const name = isFloat64Array(parameter) ? field : `${field}[0]`;
    throw new InvalidInputError(name, `expected a multiple of ${size} entries, got ${first.length}`);
  }
  return first.length / size;
}
