import type { Environment, Plugin } from '@maxent/core';
import * as z from 'zod';
import { line } from './line.js';

/**
 * Shows 100, less a running mean of what it has shown, and pays the action back, a tenth of it to the learner. It never
 * ends an episode and keeps no state but the mean.
 */
function shifted(): Environment<Float64Array, Float64Array> {
  let mean = 0;
  let frozen = false;
  const observe = () => Float64Array.of(100 - mean);
  return {
    observationSpace: line,
    actionSpace: line,
    reset: () => ({ observation: observe(), info: {} }),
    step: (action) => {
      if (!frozen) mean += 0.01 * (100 - mean);
      const [paid] = action;
      return {
        observation: observe(),
        reward: paid! / 10,
        originalReward: paid!,
        terminated: false,
        truncated: false,
        info: {},
      };
    },
    close: () => {},
    getStatistics: () => ({ arrays: {}, metadata: { mean } }),
    setStatistics: ({ metadata }, options) => {
      mean = metadata.mean as number;
      frozen = options?.frozen ?? false;
    },
  };
}

/** A plugin whose environment keeps running statistics and has no end, and an agent that repeats what it sees. */
const plugin: Plugin = {
  name: 'shifting',
  agents: [
    {
      name: 'echo',
      description: 'Acts as it sees',
      config: z.object({}),
      create: () => ({
        act: (observation: Float64Array) => observation.slice(),
        observe: () => {},
        update: () => ({ gradientSteps: 1, metrics: () => ({}) }),
        save: () => ({ arrays: {}, metadata: {} }),
        load: () => {},
        dispose: () => {},
      }),
    },
  ],
  environments: [
    {
      id: 'Shifted-v0',
      description: 'A number and its mean',
      options: z.object({}),
      maxEpisodeSteps: null,
      create: shifted,
    },
  ],
};

export { plugin };
