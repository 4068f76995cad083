import { isFloat64Array } from '@maxent/core';
import type { FilteredStates } from '../lgssm/kalman-filter.js';
import type { LinearGaussianModel } from '../lgssm/model.js';
import { LOG_TWO_PI } from '../lgssm/square-root-filter.js';
import { WhitenedObservation } from '../lgssm/whitened-observation.js';
import { type KernelInstance, Layout, type Place, type Workspace } from './instance.js';
import type { Kernels } from './registry.js';

/** Numbers that the results of one chunk of steps take: few enough to stay in the second-level cache. */
const CHUNK_NUMBERS = 16_384;

/** Filters a model whose parameters do not vary over time; its observations may be missing. */
export function makeKalmanFilter(workspace: Workspace, fewestProducts: number): Kernels['kalmanFilter'] {
  return (model, length) => {
    const { F, H, R, B, b } = model.parameters;
    const { Q } = model.factors;
    const { stateSize: n } = model;
    if (length * n ** 3 < fewestProducts || !isFloat64Array(F) || !isFloat64Array(Q)) return null;
    if (!isFloat64Array(H) || !isFloat64Array(R)) return null;
    if ((B !== undefined && !isFloat64Array(B)) || (b !== undefined && !isFloat64Array(b))) return null;
    const room = layOut(model, length);
    const kernel = workspace.take(room.layout);
    if (kernel === null) return null;
    return (observations, inputs, states) => {
      const series = { length, observations, inputs, states };
      return new Filter(model, kernel, room, { F, Q, B, b }).run(series);
    };
  };
}

interface Series {
  readonly length: number;
  readonly observations: Float64Array;
  readonly inputs: Float64Array | undefined;
  readonly states: FilteredStates | null;
}

interface Constants {
  readonly F: Float64Array;
  /** A square root of the covariance. */
  readonly Q: Float64Array;
  readonly B: Float64Array | undefined;
  readonly b: Float64Array | undefined;
}

class Filter {
  private readonly n: number;
  private readonly inputCount: number;
  /** D and d reach the filter through the observations; only B makes it read inputs. */
  private readonly values: Float64Array;
  private readonly densities: Float64Array;

  constructor(
    private readonly model: LinearGaussianModel,
    private readonly kernel: KernelInstance,
    private readonly room: ReturnType<typeof layOut>,
    { F, Q, B, b }: Constants,
  ) {
    const { places, chunk } = room;
    const n = model.stateSize;
    this.n = n;
    this.inputCount = B === undefined ? 0 : model.inputSize;
    this.values = kernel.floats(places.values, chunk * model.observationSize);
    this.densities = kernel.floats(places.densities, chunk);
    // An earlier call may have left numbers in the padding.
    kernel.floats(places.F, (places.inputs.address - places.F.address) / 8).fill(0);
    this.writeTransposed(places.F, F, n, n);
    this.writeTransposed(places.Q, Q, n, n);
    if (B !== undefined) this.writeTransposed(places.B, B, n, model.inputSize);
    if (b !== undefined) kernel.floats(places.b, n).set(b);
    kernel.floats(places.mean, n).set(model.parameters.initialMean);
    this.writeTransposed(places.factor, model.factors.initialCovariance, n, n);
    // Without b the filter must add nothing: -0 + 0 is 0.
    const addresses = Object.values(places).map((place) =>
      place === places.b && b === undefined ? 0 : place.address,
    );
    kernel.integers(room.table, addresses.length).set(addresses);
  }

  run(series: Series): number {
    const { n, model, kernel, room, values, densities, inputCount } = this;
    const { length, observations, inputs, states } = series;
    const { places, chunk } = room;
    const { observationSize: m, inputSize: k } = model;
    const observation = new WhitenedObservation(model);
    const read = (t: number) => observation.read(t, observations, t * m, inputs, t * k);
    let logLikelihood = 0;
    let next = read(0);
    for (let t = 0; t < length; ) {
      // A chunk ends where other components are missing than before.
      const count = next;
      const { version } = observation;
      const base = count === 0 ? 0 : -0.5 * (count * LOG_TWO_PI + observation.logDeterminant);
      kernel.floats(places.rows, count * n).set(observation.rows.subarray(0, count * n));
      let steps = 0;
      do {
        for (let c = 0; c < count; c++) values[steps * count + c] = observation.values[c]!;
        steps++;
        if (t + steps === length) break;
        next = read(t + steps);
      } while (steps < chunk && next === count && observation.version === version);
      if (inputCount > 0) {
        // Row 0 moves the state to time t.
        const first = Math.max(0, t - 1);
        kernel
          .floats(places.inputs, chunk * k)
          .set(inputs!.subarray(first * k, (t + steps - 1) * k), (first - t + 1) * k);
      }
      kernel.exports.kalmanFilter(
        room.table.address,
        steps,
        t > 0 ? 1 : 0,
        n,
        count,
        inputCount,
        base,
        states === null ? 0 : 1,
      );
      for (let step = 0; step < steps; step++) logLikelihood += densities[step]!;
      if (states !== null) this.copyStates(states, t, steps);
      t += steps;
    }
    return logLikelihood;
  }

  private copyStates(states: FilteredStates, t: number, steps: number): void {
    const { n, kernel, room } = this;
    const { places } = room;
    for (const name of ['predictedMeans', 'filteredMeans'] as const) {
      states[name].set(kernel.floats(places[name], steps * n), t * n);
    }
    for (const name of ['predictedCovariances', 'filteredCovariances', 'filteredFactors'] as const) {
      states[name].set(kernel.floats(places[name], steps * n * n), t * n * n);
    }
  }

  /** Writes a matrix, [rows, columns], column by column, each padded to an even number of entries. */
  private writeTransposed(place: Place, matrix: Float64Array, rows: number, columns: number): void {
    const width = evenlyPadded(rows);
    const out = this.kernel.floats(place, columns * width);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) out[j * width + i] = matrix[i * columns + j]!;
    }
  }
}

function layOut({ stateSize: n, observationSize: m, inputSize: k }: LinearGaussianModel, length: number) {
  const width = evenlyPadded(n);
  const chunk = Math.min(length, Math.max(1, Math.floor(CHUNK_NUMBERS / (3 * n * n + 2 * n))));
  const layout = new Layout();
  const table = layout.integers(32);
  // In the order in which `kalmanFilter` of assembly/kalman.ts reads their addresses.
  const places = {
    F: layout.floats(n * width),
    Q: layout.floats(n * width),
    B: layout.floats(k * width),
    b: layout.floats(width),
    rows: layout.floats(m * n),
    mean: layout.floats(width),
    factor: layout.floats(n * width),
    nextMean: layout.floats(width),
    columns: layout.floats(n * width),
    // Projections, cosines, sines and deviations; of these there is one more.
    rotation: layout.floats(4 * width + 2),
    inputs: layout.floats(chunk * k),
    values: layout.floats(chunk * m),
    densities: layout.floats(chunk),
    predictedMeans: layout.floats(chunk * n),
    predictedCovariances: layout.floats(chunk * n * n),
    filteredMeans: layout.floats(chunk * n),
    filteredCovariances: layout.floats(chunk * n * n),
    filteredFactors: layout.floats(chunk * n * n),
    // A factor before its step; of each observation the gain, a deviation and its logarithm.
    before: layout.floats(n * width),
    gains: layout.floats(m * (width + 2)),
  };
  return { layout, table, places, chunk };
}

function evenlyPadded(count: number): number {
  return 2 * Math.ceil(count / 2);
}
