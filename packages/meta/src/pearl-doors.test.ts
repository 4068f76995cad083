import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, InvalidInputError, Rng, SpaceMismatchError } from '@maxent/core';
import { beforeAll, expect, it } from 'vitest';
import { pearlConfig } from './config.js';
import { Pearl } from './pearl.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [2] });
const actionSpace = new Box({ low: -1, high: 1, shape: [1] });

const transition = {
  observation: [0, 1],
  action: Float32Array.of(0.5),
  reward: 1,
  nextObservation: [1, 2],
  terminated: false,
  truncated: false,
};

const makePearl = () =>
  new Pearl(
    { observationSpace, actionSpace, rng: Rng.fromSeed(1), tasks: [[0], [1]] },
    pearlConfig.parse({ hiddenSizes: [4], encoderHiddenSizes: [4], replayCapacity: 10 }),
  );

const bad = [undefined, 0.5, [0], [[0, 1]], [0, Number.NaN], new Float32Array(4)];

it('refuses input that does not fit, and stays as it was', () => {
  const pearl = makePearl();
  pearl.beginEpisode();
  pearl.observe(transition);
  const before = JSON.stringify(pearl.save().metadata);
  for (const value of bad) {
    expect(() => pearl.act(value, { deterministic: true })).toThrow(/^act: observation: /);
    for (const door of ['observation', 'nextObservation'] as const) {
      const observe = () => pearl.observe({ ...transition, [door]: value } as never);
      expect(observe).toThrow(SpaceMismatchError);
      expect(observe).toThrow(new RegExp(`^observe: ${door}: `));
    }
  }
  expect(() => pearl.observe({ ...transition, action: 0.5 } as never)).toThrow(/^observe: action: /);
  expect(() => pearl.observe({ ...transition, reward: '1' } as never)).toThrow(InvalidInputError);
  expect(JSON.stringify(pearl.save().metadata)).toBe(before);
  pearl.dispose();
});

it('its adaptation refuses the same', () => {
  const pearl = makePearl();
  const adaptation = pearl.adapt({ descriptor: [0], rng: Rng.fromSeed(2) });
  adaptation.beginEpisode({ explore: true });
  const before = adaptation.belief();
  for (const value of bad) {
    expect(() => adaptation.act(value, { deterministic: true })).toThrow(/^act: observation: /);
    expect(() => adaptation.observe({ ...transition, observation: value } as never)).toThrow(
      SpaceMismatchError,
    );
  }
  expect(() => adaptation.observe({ ...transition, truncated: undefined } as never)).toThrow(
    InvalidInputError,
  );
  expect(adaptation.belief()).toEqual(before);
  pearl.dispose();
});

it.each([[[Number.NaN]], [[]], [[0, 1]], [['a']], [undefined]])('refuses the descriptor %o', (descriptor) => {
  const told = new Pearl(
    { observationSpace, actionSpace, rng: Rng.fromSeed(1), tasks: [[0], [1]] },
    pearlConfig.parse({ hiddenSizes: [4], replayCapacity: 10, taskInput: 'told' }),
  );
  expect(() => told.adapt({ descriptor: descriptor as never, rng: Rng.fromSeed(2) })).toThrow(
    'descriptor: expected a list of finite numbers of length 1, like the descriptors of the train tasks, got',
  );
  told.dispose();
});
