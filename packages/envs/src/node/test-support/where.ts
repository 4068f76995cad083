import { threadId } from 'node:worker_threads';
import { Discrete, defineEnvironment, definePlugin } from '@maxent/core';
import * as z from 'zod';

const space = new Discrete(1);

/** Says which thread it runs in. */
const where = defineEnvironment({
  id: 'Where-v0',
  description: 'Says which thread it runs in.',
  options: z.object({}),
  maxEpisodeSteps: null,
  create: () => ({
    observationSpace: space,
    actionSpace: space,
    reset: () => ({ observation: 0, info: { threadId } }),
    step: () => ({ observation: 0, reward: 0, terminated: false, truncated: false, info: { threadId } }),
    close: () => undefined,
  }),
});

/** Has a state that cannot be saved after a reset with seed 2. */
const unsavable = defineEnvironment({
  id: 'Unsavable-v0',
  description: 'Cannot be saved after a reset with seed 2.',
  options: z.object({}),
  maxEpisodeSteps: null,
  create: () => {
    let last: number | undefined;
    return {
      observationSpace: space,
      actionSpace: space,
      reset: ({ seed } = {}) => {
        last = seed;
        return { observation: 0, info: {} };
      },
      step: () => ({ observation: 0, reward: 0, terminated: false, truncated: false, info: {} }),
      getState: () => {
        if (last === 2) throw new RangeError('no paper');
        return { arrays: {}, metadata: {} };
      },
      setState: () => undefined,
      close: () => undefined,
    };
  },
});

export const wherePlugin = definePlugin({ name: 'where', environments: [where, unsavable] });
