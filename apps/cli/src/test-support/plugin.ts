import type { Environment, Plugin, Space, Transition } from '@maxent/core';
import { z } from 'zod';

/** A number on a line. Written out, because a file that jiti loads would meet a Box of the built package. */
const line = {
  kind: 'box',
  shape: [1],
  low: Float64Array.of(Number.NEGATIVE_INFINITY),
  high: Float64Array.of(Number.POSITIVE_INFINITY),
  dataType: 'float64',
  flatSize: 1,
  sample: () => Float64Array.of(0),
  contains: () => true,
  flattenInto: (value: Float64Array, out: Float64Array, offset = 0) => out.set(value, offset),
  unflatten: (flat: ArrayLike<number>, offset = 0) => Float64Array.of(flat[offset]!),
  toString: () => 'Box(1, float64)',
} as unknown as Space<Float64Array>;

/** Pays the action back for `length` steps; from step `faultyFrom` the reward is NaN. */
class Walk implements Environment<Float64Array, Float64Array> {
  readonly observationSpace = line;
  readonly actionSpace = line;
  private steps = 0;

  constructor(private readonly options: { readonly length: number; readonly faultyFrom: number | null }) {}

  reset() {
    this.steps = 0;
    return { observation: this.observe(), info: {} };
  }

  observe() {
    return Float64Array.of(this.steps);
  }

  step(action: Float64Array) {
    this.steps += 1;
    const { length, faultyFrom } = this.options;
    const reward = faultyFrom !== null && this.steps >= faultyFrom ? Number.NaN : action[0]!;
    return {
      observation: this.observe(),
      reward,
      terminated: this.steps === length,
      truncated: false,
      info: {},
    };
  }

  close() {}
}

/** A plugin as somebody else would write it: an agent that always does the same, and a line to walk along. */
const plugin: Plugin = {
  name: 'walking',
  agents: [
    {
      name: 'steady',
      description: 'Always the same action',
      config: z.object({ speed: z.number().default(1).describe('the action') }),
      presets: { 'Walk-v0': { speed: 2 } },
      create: (_, { speed }) => {
        let observed = 0;
        return {
          act: () => Float64Array.of(speed),
          observe: (_transition: Transition) => {
            observed += 1;
          },
          update: () => ({ gradientSteps: 1, metrics: () => ({ observed }) }),
          save: () => ({ arrays: {}, metadata: { observed } }),
          load: ({ metadata }) => {
            observed = metadata.observed as number;
          },
          dispose: () => {},
        };
      },
    },
  ],
  environments: [
    {
      id: 'Walk-v0',
      description: 'A line',
      options: z.object({
        length: z.int().positive().default(5).describe('steps to the end'),
        faultyFrom: z.int().nullable().default(null).describe('step from which rewards are NaN'),
      }),
      maxEpisodeSteps: 8,
      create: (options) => new Walk(options),
    },
  ],
};

export { plugin };
