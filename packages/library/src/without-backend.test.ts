// A file of its own, because a backend that was chosen stays chosen.
import { Box, createAgent, Discrete, isMaxentError, parseUnknown, Rng } from '@maxent/core';
import { expect, it } from 'vitest';
import { builtInPlugins } from './built-in.js';

const numbers = new Box({ low: -1, high: 1, shape: [2] });
const choices = new Discrete(2);
const spaces = [
  { observationSpace: numbers, actionSpace: numbers },
  { observationSpace: numbers, actionSpace: choices },
  { observationSpace: choices, actionSpace: choices },
];

const agents = (await builtInPlugins()).flatMap((plugin) => plugin.agents ?? []);

it.each(agents.map((agent) => [agent.name, agent] as const))(
  '%s without a backend is made, or says what to write',
  async (name, definition) => {
    const outcomes: string[] = [];
    for (const space of spaces) {
      const context = { ...space, rng: Rng.fromSeed(1), tasks: [[0], [1]] };
      try {
        (await createAgent(definition, context, parseUnknown(definition.config, {}))).dispose();
        outcomes.push('made');
      } catch (error) {
        if (!isMaxentError(error, 'SPACE_MISMATCH')) outcomes.push((error as Error).message);
      }
    }
    expect(outcomes).not.toEqual([]);
    const expected = /^(soft-)?q-learning$/.test(name) ? /^made$/ : /`await selectBackend\(\)`/;
    for (const outcome of outcomes) expect(outcome).toMatch(expected);
  },
);
