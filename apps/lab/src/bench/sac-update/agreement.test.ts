import { fusedKernelsEnabled, selectBackend } from '@maxent/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { BenchmarkFailedError } from '../benchmark.js';
import { assertAgreement, compareTrials, measureAgreement, type Trial } from './agreement.js';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

const sizes = { batchSize: 32, observationSize: 5, actionSize: 3, hiddenSizes: [24, 16] };

describe('measureAgreement', () => {
  it('finds the fused kernels close to the composed operations, after learning that moved the networks', () => {
    const agreement = measureAgreement(sizes);
    expect(() => assertAgreement(agreement)).not.toThrow();
    expect(agreement.otherSeeds.map(({ seed }) => seed)).toEqual([2, 3]);
    expect(agreement.otherSeeds[0]!.moved).not.toEqual(agreement.moved);
    for (const distance of Object.values(agreement.parameters)) expect(distance).toBeLessThan(1e-4);
    expect(agreement.moved.actor).toBeGreaterThan(1e-2);
    expect(agreement.moved.critics).toBeGreaterThan(1e-2);
    expect(agreement.moved.targetCritics).toBeGreaterThan(1e-4);
    expect(fusedKernelsEnabled()).toBe(true);
  });
});

describe('compareTrials', () => {
  const trial = (weight: number, loss: number): Trial => {
    const arrays = (value: number) => ({
      'actor/layer.0.weight': { shape: [2], data: Float32Array.of(3, value) },
      'actorOptimizer/firstMoment.0': { shape: [1], data: Float32Array.of(value * 1e3) },
      'critics/layer.0.weight': { shape: [1], data: Float32Array.of(2) },
      'targetCritics/layer.0.weight': { shape: [1], data: Float32Array.of(2) },
    });
    return {
      initial: arrays(0),
      final: arrays(weight),
      losses: { criticLoss: [1, loss], actorLoss: [5, 5] },
    };
  };

  it('measures every network alone, and the losses', () => {
    const { parameters, losses, moved } = compareTrials(trial(4.5, 2), trial(4, 2));
    expect(parameters).toEqual({ actor: 0.1, critics: 0, targetCritics: 0 });
    expect(losses).toEqual({ criticLoss: 0, actorLoss: 0 });
    expect(moved.actor).toBeCloseTo(4 / 3, 6);
  });

  it.each([
    ['a network differs', trial(4.01, 2)],
    ['a loss differs', trial(4, 2.01)],
    ['a loss is not a number', trial(4, Number.NaN)],
  ])('is refused when %s', (_, fused) => {
    const agreement = (distances: ReturnType<typeof compareTrials>) => ({
      ...distances,
      seed: 1,
      updates: 20,
      limit: 1e-4,
      otherSeeds: [],
    });
    expect(() => assertAgreement(agreement(compareTrials(fused, trial(4, 2))))).toThrow(BenchmarkFailedError);
    expect(() => assertAgreement(agreement(compareTrials(trial(4, 2), trial(4, 2))))).not.toThrow();
  });
});
