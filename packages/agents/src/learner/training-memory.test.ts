import { Box, Discrete, InvalidInputError, Rng } from '@maxent/core';
import { expect, test } from 'vitest';
import { agentsPlugin } from '../plugin.js';
import { requireTrainingMemory } from './training-memory.js';

const observationSpace = new Box({ low: -1, high: 1, shape: [3] });
const spaces = {
  box: new Box({ low: -1, high: 1, shape: [2] }),
  discrete: new Discrete(3),
};

const learners = agentsPlugin.agents!.filter(({ config }) => 'hiddenSizes' in config.shape);
const oversized: [string, unknown][] = [
  ['hiddenSizes', [1e15]],
  ['hiddenSizes', [100_000, 100_000]],
  ['criticHiddenSizes', [1e15]],
  ['batchSize', 1e9],
  ['batchSize', 1e15],
  ['replayCapacity', 1e12],
  ['criticCount', 1e9],
  ['valueParticles', 1e9],
];

test.each(
  learners.flatMap((definition) =>
    oversized
      .filter(([name]) => name in definition.config.shape)
      .map(([name, value]) => [definition.name, name, value, definition] as const),
  ),
)('%s refuses %s %j before it makes anything', async (_, name, value, definition) => {
  const actionSpace = ['sac', 'crossq', 'sql', 'meow'].includes(definition.name)
    ? spaces.box
    : spaces.discrete;
  const create = async () =>
    definition.create(
      { observationSpace, actionSpace, rng: Rng.fromSeed(1) },
      definition.config.parse({ [name]: value }) as never,
    );
  const error = await create().then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidInputError);
  expect(error.field).toBe(name);
  expect(error.message).toMatch(/would take .* more than the limit of/);
});

test('image observations without a replay capacity are told the bytes and what fits', async () => {
  const definition = agentsPlugin.agents!.find(({ name }) => name === 'sac')!;
  const image = new Box({ low: 0, high: 255, shape: [96, 98, 3] });
  expect(() =>
    definition.create(
      { observationSpace: image, actionSpace: spaces.box, rng: Rng.fromSeed(1) },
      definition.config.parse({ hiddenSizes: [8] }) as never,
    ),
  ).toThrow(
    'replayCapacity: 1000000 rows of 225810 bytes would take 210.3 GiB, more than the limit of 16 GiB; use 76000 or less',
  );
});

test('the usual sizes fit', () => {
  const usual = {
    inputSize: 393,
    widths: { hiddenSizes: [1024, 1024] },
    counts: { batchSize: 4096, criticCount: 2 },
  };
  expect(() => requireTrainingMemory(usual)).not.toThrow();
});
