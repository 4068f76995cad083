import type { Environment, Plugin, Transition } from '@maxent/core';
import * as z from 'zod';
import { line } from './line.js';

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

/** A plugin as a third party would write it: an agent that always takes the same action, and a line to walk along. */
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
