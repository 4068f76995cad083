// Each layer against its formula in core's PolicyLayer, worked by hand.
import { Box, Discrete, type PolicyDescription, type PolicyLayer, Rng } from '@maxent/core';
import { describe, expect, it, vi } from 'vitest';
import { encodePolicy, readPolicy } from '../index.js';

const observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [4] });

/** The largest output of some layers, by a policy that chooses it. */
function choice(
  layers: readonly PolicyLayer[],
  tensors: PolicyDescription['tensors'],
  x: readonly number[],
  outputs: number,
): number {
  const description: PolicyDescription = {
    agent: 'dqn',
    observationSpace: new Box({ low: -Infinity, high: Infinity, shape: [x.length] }),
    actionSpace: new Discrete(outputs),
    layers,
    head: { type: 'categorical', temperature: 0 },
    tensors,
  };
  return readPolicy(encodePolicy(description)).act(x) as number;
}

/** Outputs of layers, read off a policy whose action is tanh of them. */
function outputs(
  layers: readonly PolicyLayer[],
  tensors: PolicyDescription['tensors'],
  x: readonly number[],
  seed?: number,
): number[] {
  const size = x.length;
  const description: PolicyDescription = {
    agent: 'sac',
    observationSpace: new Box({ low: -Infinity, high: Infinity, shape: [size] }),
    actionSpace: new Box({ low: -1, high: 1, shape: [size / 2], dataType: 'float64' }),
    layers,
    head: { type: 'squashed-gaussian', minimumLogStd: -40, maximumLogStd: -40 },
    tensors,
  };
  const policy = readPolicy(encodePolicy(description));
  const options = seed === undefined ? {} : { deterministic: false, rng: Rng.fromSeed(seed) };
  return Array.from(policy.act(x, options) as Float64Array, Math.atanh);
}

const float32 = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

describe('layers', () => {
  it('affine scales and shifts', () => {
    const tensors = { s: float32(2, 1, 1, 1), t: float32(0.5, -0.25, 0, 0) };
    const [a, b] = outputs([{ type: 'affine', scale: 's', shift: 't' }], tensors, [0.1, 0.3, 0, 0]);
    expect(a).toBeCloseTo(0.7, 6);
    expect(b).toBeCloseTo(0.05, 6);
  });

  it('normalization applies to its entries, within its limit, and lets others pass', () => {
    const scaling = { mean: 'm', variance: 'v', epsilon: 0.25, limit: 0.5 };
    const layer = { type: 'normalization', ...scaling, from: 0 } as const;
    const tensors = {
      m: { shape: [1], data: Float64Array.of(1) },
      v: { shape: [1], data: Float64Array.of(3.75) },
    };
    const [inside, passed] = outputs([layer], tensors, [1.5, 0.3, 0, 0]);
    expect(inside).toBeCloseTo(0.25, 6);
    expect(passed).toBeCloseTo(0.3, 6);
    expect(outputs([layer], tensors, [100, 0, 0, 0])[0]).toBeCloseTo(0.5, 6);
    expect(outputs([{ ...layer, limit: null }], tensors, [5, 0, 0, 0])[0]).toBeCloseTo(2, 5);
    const [before, from] = outputs([{ ...layer, from: 1 }], tensors, [0.3, 1.5, 0, 0]);
    expect(before).toBeCloseTo(0.3, 6);
    expect(from).toBeCloseTo(0.25, 6);
    expect(() => outputs([{ ...layer, from: 4 }], tensors, [0, 0, 0, 0])).toThrow(
      'from: expected at most 3, got 4',
    );
  });

  it.each([
    ['relu', [0, 0.4]],
    ['tanh', [Math.tanh(-0.3), Math.tanh(0.4)]],
    ['elu', [Math.expm1(-0.3), 0.4]],
  ] as const)('the activation %s', (name, expected) => {
    const alone = outputs([{ type: 'activation', name }], {}, [-0.3, 0.4, 0, 0]);
    const identity = {
      shape: [4, 4],
      data: Float32Array.from({ length: 16 }, (_, i) => Number(i % 5 === 0)),
    };
    const dense = { type: 'dense', weight: 'w', bias: 'b' } as const;
    const fused = outputs(
      [dense, { type: 'activation', name }],
      { w: identity, b: float32(0, 0, 0, 0) },
      [-0.3, 0.4, 0, 0],
    );
    expected.forEach((value, i) => {
      expect(alone[i]).toBeCloseTo(value, 6);
      expect(fused[i]).toBeCloseTo(value, 6);
    });
  });

  it('mixture takes the values of the most probable component, or of one that is drawn', () => {
    const layers = [{ type: 'mixture', components: 2 }] as const;
    const x = [0, Math.log(3), 0.1, 0.2, 0.3, 0.4];
    // Logits, then two components of two values, of which the head takes one mean.
    const description: PolicyDescription = {
      agent: 'gmm',
      observationSpace: new Box({ low: -Infinity, high: Infinity, shape: [6] }),
      actionSpace: new Box({ low: -1, high: 1, shape: [1], dataType: 'float64' }),
      layers,
      head: { type: 'squashed-gaussian', minimumLogStd: -40, maximumLogStd: -40 },
      tensors: {},
    };
    const policy = readPolicy(encodePolicy(description));
    expect((policy.act(x) as Float64Array)[0]).toBeCloseTo(Math.tanh(0.3), 6);
    const rng = Rng.fromSeed(1);
    let second = 0;
    for (let i = 0; i < 2000; i++) {
      const drawn = (policy.act(x, { deterministic: false, rng }) as Float64Array)[0]!;
      if (Math.abs(drawn - Math.tanh(0.3)) < 1e-5) second += 1;
    }
    // Probability 3/4; five standard deviations of the mean of 2000 draws.
    expect(Math.abs(second / 2000 - 0.75)).toBeLessThan(0.05);
  });

  it('dense layers of every width agree with the sum, by kernel and plain loop', () => {
    const rng = Rng.fromSeed(3);
    for (const inputs of [1, 2, 3, 4, 5, 9, 17]) {
      for (const width of [1, 3, 4, 6, 13]) {
        const w = { shape: [inputs, width], data: new Float32Array(inputs * width) };
        const b = { shape: [width], data: new Float32Array(width) };
        rng.fillNormal(w.data);
        rng.fillNormal(b.data);
        const x = Array.from({ length: inputs }, () => rng.normal());
        const sums = Array.from(b.data, (bias, j) =>
          x.reduce((sum, xi, i) => sum + xi * w.data[i * width + j]!, bias),
        );
        const best = sums.indexOf(Math.max(...sums));
        const layers = [{ type: 'dense', weight: 'w', bias: 'b' }] as const;
        expect(choice(layers, { w, b }, x, width)).toBe(best);
        vi.stubGlobal('WebAssembly', undefined);
        expect(choice(layers, { w, b }, x, width)).toBe(best);
        vi.unstubAllGlobals();
      }
    }
  });
});

it('what overflows is divergence, not an action', () => {
  const huge = { shape: [4], data: new Float32Array(4).fill(3e38) };
  const layers = [
    { type: 'affine', scale: 's', shift: 't' },
    { type: 'affine', scale: 's', shift: 't' },
  ] as const;
  const description: PolicyDescription = {
    agent: 'dqn',
    observationSpace,
    actionSpace: new Discrete(4),
    layers,
    head: { type: 'categorical', temperature: 1 },
    tensors: { s: huge, t: huge },
  };
  const policy = readPolicy(encodePolicy(description));
  expect(() => policy.act([1, 1, 1, 1])).toThrow('act: the network computes Infinity here');
});
