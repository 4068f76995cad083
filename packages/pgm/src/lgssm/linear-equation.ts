import { multiply } from '../linear-algebra/multiply.js';
import { atTime, type TimeVarying } from './model.js';
import { RegressionStatistics } from './regression-statistics.js';

/** target = coefficients * state + inputCoefficients * input + offset + noise; absent terms count as 0. */
export interface EquationParameters {
  readonly coefficients?: TimeVarying | undefined;
  readonly inputCoefficients?: TimeVarying | undefined;
  readonly offset?: TimeVarying | undefined;
  readonly covariance: TimeVarying;
}

/** Which parameters of an equation to estimate; the others stay as they are. */
export type EquationParts = Readonly<Record<keyof EquationParameters, boolean>>;

/**
 * The maximization step of EM for one equation of the model, from expected second moments of (state, input, 1, target).
 * Fixed terms are moved to the target's side; terms that are estimated together are regressed together.
 */
export class LinearEquation {
  private readonly statistics: RegressionStatistics;
  /** Rows of the full (state, input, 1) that are regressors. */
  private readonly estimated: readonly number[];
  private readonly width: number;

  constructor(
    private readonly parameters: EquationParameters,
    private readonly parts: EquationParts,
    private readonly stateSize: number,
    private readonly inputSize: number,
    private readonly targetSize: number,
  ) {
    this.width = stateSize + inputSize + 1;
    this.estimated = Array.from({ length: this.width }, (_, i) => i).filter((i) =>
      i < stateSize ? parts.coefficients : i < stateSize + inputSize ? parts.inputCoefficients : parts.offset,
    );
    this.statistics = new RegressionStatistics(this.estimated.length, targetSize);
  }

  /**
   * Adds time t; `moments`, [n + k + 1 + targets, count], is a square root of E[x x'] for x = (state, input, 1, target).
   */
  add(t: number, moments: Float64Array, count: number): void {
    const { stateSize: n, inputSize: k, targetSize, width, estimated, parts, parameters } = this;
    const columns = new Float64Array((estimated.length + targetSize) * count);
    estimated.forEach((row, i) => {
      columns.set(moments.subarray(row * count, (row + 1) * count), i * count);
    });
    const targets = columns.subarray(estimated.length * count);
    targets.set(moments.subarray(width * count));
    const subtract = (parameter: TimeVarying | undefined, first: number, size: number) => {
      if (parameter === undefined) return;
      const explained = new Float64Array(targetSize * count);
      multiply(explained, atTime(parameter, t), moments.subarray(first * count), targetSize, size, count);
      for (let i = 0; i < explained.length; i++) targets[i]! -= explained[i]!;
    };
    if (!parts.coefficients) subtract(parameters.coefficients, 0, n);
    if (!parts.inputCoefficients) subtract(parameters.inputCoefficients, n, k);
    if (!parts.offset) subtract(parameters.offset, n + k, 1);
    this.statistics.add(columns, count);
  }

  /** Returns the parameters with the estimated ones replaced; unchanged if no time was added. */
  maximize(): EquationParameters {
    const { stateSize: n, inputSize: k, targetSize, parts, parameters } = this;
    const solution = this.statistics.solve();
    if (solution === null) return parameters;
    const { weights, covariance } = solution;
    let next = 0;
    const take = (size: number): Float64Array => {
      const block = new Float64Array(targetSize * size);
      for (let i = 0; i < targetSize; i++) {
        for (let j = 0; j < size; j++) block[i * size + j] = weights[i * this.estimated.length + next + j]!;
      }
      next += size;
      return block;
    };
    return {
      coefficients: parts.coefficients ? take(n) : parameters.coefficients,
      inputCoefficients: parts.inputCoefficients ? take(k) : parameters.inputCoefficients,
      offset: parts.offset ? take(1) : parameters.offset,
      covariance: parts.covariance ? covariance : parameters.covariance,
    };
  }
}
