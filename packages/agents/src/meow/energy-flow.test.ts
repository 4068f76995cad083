import { readScalar, readTensor, selectBackend, tensorOf } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { copySnapshot, Rng, type Snapshot } from '@maxent/core';
import { Adam, lossAndGradients } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { EnergyFlow, type EnergyFlowOptions } from './energy-flow.js';
import {
  flowOfSnapshot,
  logNormalizer,
  logProb,
  logShape,
  logSlope,
  type Row,
} from './test-support/flow-in-double.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const STATE = 3;

function designOf(options: Partial<EnergyFlowOptions> = {}) {
  return {
    observationSize: STATE,
    size: 3,
    hiddenSizes: [12],
    couplingLayers: 4,
    couplingHiddenSize: 8,
    maximumLogScale: 5,
    additive: false,
    components: 1,
    minimumLogStd: -2,
    maximumLogStd: 0.5,
    ...options,
  };
}

function make(design: ReturnType<typeof designOf>, seed = 1): EnergyFlow {
  return new EnergyFlow({ ...design, rng: Rng.fromSeed(seed) });
}

/** New weights around those of a new flow. */
function unsettle(flow: EnergyFlow, deviation: number): Snapshot {
  const rng = Rng.fromSeed(7);
  const saved = copySnapshot(flow.save());
  for (const { data } of Object.values(saved.arrays)) {
    for (let i = 0; i < data.length; i++) data[i]! += rng.normal(0, deviation);
  }
  flow.load(saved);
  return copySnapshot(flow.save());
}

const normal = (rows: number, columns: number, seed: number): Float32Array => {
  const values = new Float32Array(rows * columns);
  Rng.fromSeed(seed).fillNormal(values);
  return values;
};

const rowsOf = (values: Float32Array, width: number): Row[] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);

const forms: [string, Partial<EnergyFlowOptions>][] = [
  ['additive', { additive: true }],
  ['affine', {}],
  ['additive over a mixture', { additive: true, components: 3 }],
  ['affine over a mixture', { components: 2 }],
  ['affine, one entry', { size: 1 }],
  ['additive, one entry, over a mixture', { size: 1, additive: true, components: 2 }],
  ['additive, two entries', { size: 2, additive: true }],
];

describe.each(forms)('%s', (_, options) => {
  const design = designOf(options);
  const { size } = design;
  const inDouble = { ...design, couplingLayers: size === 1 ? 1 : design.couplingLayers };
  const states = normal(6, STATE, 2);

  it('computes what the formulas give, and shape - normalizer is log pi', () => {
    const flow = make(design);
    const snapshot = unsettle(flow, 0.3);
    if (design.additive) clearScales(snapshot, inDouble);
    const points = normal(6, size, 3);
    tf.tidy(() => {
      const at = flow.at(tensorOf(states, [6, STATE]));
      const shapes = readTensor(at.logShape(tensorOf(points, [6, size])));
      const normalizers = readTensor(at.logNormalizer());
      for (const [i, state] of rowsOf(states, STATE).entries()) {
        const u = rowsOf(points, size)[i]!;
        const exact = flowOfSnapshot(snapshot, inDouble, state);
        expect(logShape(exact, u) - logNormalizer(exact)).toBeCloseTo(logProb(exact, u), 10);
        expect(Math.abs(shapes[i]! - logShape(exact, u))).toBeLessThan(2e-5 * (1 + Math.abs(shapes[i]!)));
        expect(normalizers[i]).toBeCloseTo(logNormalizer(exact), 5);
      }
    });
    flow.dispose();
  });

  it('gives a draw the density with which it was drawn, and integrates to 1', () => {
    const flow = make(design);
    unsettle(flow, 0.1);
    // Importance sampling with a wide Gaussian in u: the mean of pi / proposal is 1.
    const draws = 40_000;
    const wide = 2.5;
    const noise = normal(draws, size, 4);
    tf.tidy(() => {
      const state = tf.tile(tensorOf<tf.Rank.R2>(states.subarray(0, STATE), [1, STATE]), [draws, 1]);
      const at = flow.at(state);
      const u = tf.mul<tf.Tensor2D>(tensorOf(noise, [draws, size]), wide);
      const logs = readTensor(tf.sub(at.logShape(u), at.logNormalizer()));
      let total = 0;
      for (const [i, row] of rowsOf(noise, size).entries()) {
        const proposal =
          row.reduce((sum, x) => sum - x ** 2 / 2, 0) - size * Math.log(wide * Math.sqrt(2 * Math.PI));
        const slope = row.reduce((sum, x) => sum + logSlope(x * wide), 0);
        total += Math.exp(logs[i]! + slope - proposal);
      }
      expect(Math.abs(total / draws - 1)).toBeLessThan(0.1);
      // The mean of the log-density over its own draws is minus its entropy, which importance sampling gives too.
      const drawn = at.sample(Rng.fromSeed(9));
      const own = readScalar(tf.mean(tf.sub(at.logShape(drawn), at.logNormalizer())));
      let entropy = 0;
      for (const [i, row] of rowsOf(noise, size).entries()) {
        const proposal =
          row.reduce((sum, x) => sum - x ** 2 / 2, 0) - size * Math.log(wide * Math.sqrt(2 * Math.PI));
        const slope = row.reduce((sum, x) => sum + logSlope(x * wide), 0);
        entropy -= (Math.exp(logs[i]! + slope - proposal) * logs[i]!) / total;
      }
      expect(Math.abs(-own - entropy)).toBeLessThan(0.15);
    });
    flow.dispose();
  });

  it('has one gradient for every variable, the one of finite differences', () => {
    const flow = make(design);
    const snapshot = unsettle(flow, 0.15);
    const points = normal(6, size, 3);
    const loss = () => {
      const at = flow.at(tensorOf(states, [6, STATE]));
      const term = tf.add(at.logShape(tensorOf(points, [6, size])), at.logNormalizer());
      return tf.mean(tf.square(term)) as tf.Scalar;
    };
    tf.tidy(() => {
      const { gradients } = lossAndGradients(loss, flow.variables);
      const names = Object.keys(snapshot.arrays);
      expect(gradients.length).toBe(flow.variables.length);
      // Directional derivatives along random directions, one for each array.
      for (const [v, variable] of flow.variables.entries()) {
        const direction = normal(1, variable.size, 20 + v);
        const step = 2e-3 / Math.sqrt(variable.size);
        const start = readTensor(variable);
        const lossAt = (factor: number) => {
          variable.assign(
            tensorOf(
              start.map((value, i) => value + factor * direction[i]!),
              variable.shape as [number],
            ),
          );
          return readScalar(loss());
        };
        const numeric = (lossAt(step) - lossAt(-step)) / (2 * step);
        variable.assign(tensorOf(start, variable.shape as [number]));
        const gradient = readTensor(gradients[v]!);
        const expected = gradient.reduce((sum, value, i) => sum + value * direction[i]!, 0);
        expect(Math.abs(numeric - expected), names.join()).toBeLessThan(0.02 * Math.abs(expected) + 0.05);
      }
    });
    flow.dispose();
  });
});

/** Sets the log scales' parameters to 0, as an additive flow takes them. */
function clearScales(
  snapshot: Snapshot,
  design: { size: number; couplingLayers: number; couplingHiddenSize: number },
) {
  const { size, couplingLayers: layers, couplingHiddenSize: width } = design;
  for (let i = 0; i < layers; i++) {
    const half = Math.floor(size / 2);
    const kept = size === 1 ? 0 : i % 2 === 0 ? size - half : half;
    const changed = size - kept;
    const data = snapshot.arrays[`flow/couplings/layer.${i}`]!.data as Float32Array;
    const weight2 = (kept + 1) * width;
    data.fill(0, weight2, weight2 + changed * width);
    const bias2 = weight2 + 2 * changed * width;
    data.fill(0, bias2, bias2 + changed);
  }
}

it('starts with standard deviations of 0.6, or as near to it as their range allows', () => {
  for (const [minimumLogStd, maximumLogStd, expected] of [
    [-5, -0.3, Math.log(0.6)],
    [-5, 2, Math.log(0.6)],
    [-3, -1, -1.05],
    [0, 2, 0.05],
  ] as const) {
    const flow = make(designOf({ minimumLogStd, maximumLogStd }));
    const found = tf.tidy(() => readScalar(flow.at(tf.zeros([1, STATE])).meanLogStd()));
    expect(found).toBeCloseTo(expected, 4);
    flow.dispose();
  }
});

describe('a target density with two modes inside', () => {
  const [MODE, STD] = [1, 0.35];
  /** Maximum likelihood on draws of the target; returns what the flow's density is then like. */
  function fit(options: Partial<EnergyFlowOptions>) {
    const flow = make(
      designOf({
        observationSize: 1,
        size: 2,
        hiddenSizes: [8],
        couplingHiddenSize: 16,
        minimumLogStd: -1.5,
        maximumLogStd: 0.5,
        ...options,
      }),
      3,
    );
    const rng = Rng.fromSeed(5);
    const optimizer = new Adam(flow.variables, { learningRate: 1e-2, maxGradientNorm: 30 });
    const batch = 64;
    for (let i = 0; i < 400; i++) {
      const points = new Float32Array(2 * batch);
      rng.fillNormal(points, 0, STD);
      for (let row = 0; row < batch; row++) points[2 * row]! += rng.uniform() < 0.5 ? MODE : -MODE;
      tf.tidy(() => {
        const { gradients } = lossAndGradients(() => {
          const at = flow.at(tf.zeros([batch, 1]));
          const density = tf.sub(at.logShape(tensorOf(points, [batch, 2])), at.logNormalizer());
          return tf.neg(tf.mean(density)) as tf.Scalar;
        }, flow.variables);
        optimizer.step(gradients);
      });
    }
    const [nodes, limit] = [200, 6];
    const grid = Array.from({ length: nodes + 1 }, (_, i) => (2 * limit * i) / nodes - limit);
    const points = grid.flatMap((x) => grid.map((y) => [x, y] as const));
    const found = tf.tidy(() => {
      const at = flow.at(tf.zeros([points.length, 1]));
      const shapes = readTensor(at.logShape(tensorOf(points.flat(), [points.length, 2])));
      // In u, where the target has its modes.
      const densities = points.map(([x, y], i) => Math.exp(shapes[i]! + logSlope(x) + logSlope(y)));
      const highest = (where: (x: number) => boolean) =>
        densities.reduce((most, value, i) => (where(points[i]![0]) ? Math.max(most, value) : most), 0);
      const integral = densities.reduce((sum, value) => sum + value, 0) * (grid[1]! - grid[0]!) ** 2;
      return {
        lower: Math.min(
          highest((x) => x < -0.7),
          highest((x) => x > 0.7),
        ),
        between: highest((x) => Math.abs(x) < 1e-9),
        quadrature: Math.log(integral),
        normalizer: readTensor(at.logNormalizer())[0]!,
      };
    });
    optimizer.dispose();
    flow.dispose();
    return found;
  }

  // Every way from one mode to the other crosses x = 0. Between two modes the density is lower there than at either; the
  // points above any level are connected if there is one.
  it.each([
    ['affine couplings find both', { additive: false }, true],
    ['a mixture prior finds both', { additive: true, components: 2 }, true],
    ['additive couplings over one Gaussian cannot', { additive: true }, false],
  ])('%s, and the normalizer is the integral either way', (_, options, both) => {
    const { lower, between, quadrature, normalizer } = fit(options);
    expect(normalizer).toBeCloseTo(quadrature, 5);
    expect(between < lower / 2).toBe(both);
    if (!both) expect(between).toBeGreaterThan(0.99 * lower);
  });
});
