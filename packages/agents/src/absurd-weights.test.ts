import { selectBackend } from '@maxent/backend';
import { Box, Discrete, isFiniteValue, isMaxentError, Rng } from '@maxent/core';
import { beforeAll, expect, it } from 'vitest';
import { agentsPlugin } from './plugin.js';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

const observation = Float32Array.of(0.5, -0.2, 0.1);
const numbers = new Box({ low: -1, high: 1, shape: [3] });
const doors = {
  continuous: {
    observationSpace: numbers,
    actionSpace: new Box({ low: -2, high: 2, shape: [2] }),
    observation,
  },
  discrete: { observationSpace: numbers, actionSpace: new Discrete(3), observation },
  tabular: { observationSpace: new Discrete(4), actionSpace: new Discrete(3), observation: 1 },
};

function doorOf(agent: string): keyof typeof doors {
  if (agent.endsWith('q-learning')) return 'tabular';
  return /dqn|discrete/.test(agent) ? 'discrete' : 'continuous';
}

it.each(agentsPlugin.agents!.map((definition) => [definition.name, definition] as const))(
  '%s with finite but absurd weights acts with finite numbers or says that it has diverged',
  async (name, definition) => {
    const door = doorOf(name);
    const small = door === 'tabular' ? {} : { hiddenSizes: [8, 8], replayCapacity: 100 };
    const { observation: seen, ...spaces } = doors[door];
    const agent = await definition.create(
      { ...spaces, rng: Rng.fromSeed(1) },
      definition.config.parse(small),
    );
    for (const scale of [1e20, 3e38]) {
      const snapshot = agent.save();
      for (const { data } of Object.values(snapshot.arrays)) {
        if (data instanceof Float32Array) data.set(data.map((_, i) => (i % 2 === 0 ? -scale : scale)));
        if (data instanceof Float64Array) data.fill(scale * 1e269);
      }
      agent.load(snapshot);
      for (const deterministic of [true, false]) {
        try {
          const action = agent.act(seen, { deterministic, rng: Rng.fromSeed(2) });
          // The training loop treats NaN as divergence, but could not handle any other bad action.
          expect(isFiniteValue(action) || Number.isNaN((action as Float32Array)[0])).toBe(true);
          expect(agent.act(seen, { deterministic, rng: Rng.fromSeed(2) })).toEqual(action);
        } catch (error) {
          expect(isMaxentError(error, 'DIVERGENCE') ? 'DIVERGENCE' : error).toBe('DIVERGENCE');
        }
      }
    }
    agent.dispose();
  },
);
