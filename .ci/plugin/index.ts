// A plugin as somebody else would write it, on published entries alone; `.ci/compile-plugin.mjs` packs it.
import {
  type Agent,
  Box,
  Discrete,
  defineAgent,
  defineEnvironment,
  definePlugin,
  defineTaskFamily,
  type Environment,
  type TaskFamily,
} from '@maxent/core';
import * as z from 'zod';

export type CorridorInfo = { readonly distance: number };

/** A corridor to walk to the end of, one step left or right at a time. */
export class Corridor implements Environment<Float32Array, number, CorridorInfo> {
  readonly observationSpace = new Box({ low: [0], high: [1] });
  readonly actionSpace = new Discrete(2);
  private place = 0;

  constructor(readonly length: number) {}

  reset() {
    this.place = 0;
    return { observation: this.observe(), info: {} };
  }

  step(action: number) {
    this.place = Math.max(0, this.place + (action === 1 ? 1 : -1));
    const distance = this.length - this.place;
    const ended = distance === 0;
    return {
      observation: this.observe(),
      reward: ended ? 1 : 0,
      terminated: ended,
      truncated: false,
      info: { distance },
    };
  }

  observe() {
    return Float32Array.of(this.place / this.length);
  }

  close() {}
}

export const corridor = defineEnvironment({
  id: 'Corridor-v0',
  description: 'Walk to the end of a corridor.',
  options: z.object({ length: z.int().positive().default(5).describe('Steps to the end.') }),
  maxEpisodeSteps: 50,
  create: ({ length }) => new Corridor(length),
});

/** Corridors of any length. */
export const corridorFamily = defineTaskFamily({
  id: 'Corridors',
  description: 'Walk to the end of corridors of unknown lengths.',
  options: z.object({}),
  create: (): TaskFamily<{ readonly length: number }, Float32Array, number, CorridorInfo> => ({
    id: 'Corridors',
    maxEpisodeSteps: 50,
    split: () => ({ train: [{ length: 3 }], test: [{ length: 4 }] }),
    descriptor: ({ length }) => [length],
    create: ({ length }) => new Corridor(length),
  }),
});

/** Always goes the same way. */
export const steady = defineAgent({
  name: 'steady',
  description: 'Always goes the same way.',
  config: z.object({ direction: z.enum(['left', 'right']).default('right').describe('Where to.') }),
  presets: { 'Corridor-v0': { direction: 'right' }, backwards: { direction: 'left' } },
  create: (_context, { direction }): Agent<Float32Array, number> => ({
    act: () => (direction === 'right' ? 1 : 0),
    observe: () => {},
    update: () => ({ gradientSteps: 0, metrics: () => ({}) }),
    save: () => ({ arrays: {}, metadata: {} }),
    load: () => {},
    dispose: () => {},
  }),
});

declare module '@maxent/core' {
  interface RegisteredAgents {
    steady: typeof steady;
  }
  interface RegisteredEnvironments {
    'Corridor-v0': typeof corridor;
  }
  interface RegisteredTaskFamilies {
    Corridors: typeof corridorFamily;
  }
}

export const corridorPlugin = definePlugin({
  name: 'maxent-plugin-corridor',
  contractVersion: 1,
  agents: [steady],
  environments: [corridor],
  taskFamilies: [corridorFamily],
});
