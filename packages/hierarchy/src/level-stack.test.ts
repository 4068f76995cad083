import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  copySnapshot,
  InvalidInputError,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
} from '@maxent/core';
import { Maze, PointMass } from '@maxent/envs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { FlowPolicy } from './flow-policy.js';
import { FrozenPolicy } from './frozen-policy.js';
import type { Level } from './level.js';
import { LevelStack } from './level-stack.js';
import { randomize } from './test-support/randomize.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const unbounded = new Box({ low: -Infinity, high: Infinity, shape: [2] });
const world = () => new PointMass(new Maze('simple'));

/** Levels that see velocities, everything, and positions; the second acts every 2 steps of the first. */
function threeLevels(): LevelStack {
  const level = (observationSize: number, squashed: boolean, seed: number) =>
    FrozenPolicy.of(
      randomize(
        new FlowPolicy({
          observationSize,
          actionSize: 2,
          hiddenSizes: [8],
          couplingLayers: 2,
          couplingHiddenSize: 6,
          maximumLogScale: 2,
          squashed,
          rng: Rng.fromSeed(1),
        }),
        0.4,
        seed,
      ),
      squashed ? world().actionSpace : unbounded,
    );
  return new LevelStack([
    { policy: level(2, true, 1), sees: { from: 2, to: 4 }, every: 1 },
    { policy: level(4, false, 2), sees: null, every: 2 },
    { policy: level(2, false, 3), sees: { from: 0, to: 2 }, every: 1 },
  ]);
}

const observation = Float32Array.of(0.3, -0.2, 0.5, 1);
const { observationSpace } = world();

describe('LevelStack', () => {
  it('composes its levels from the top, each with what it sees, and inverts', () => {
    const stack = threeLevels();
    const latent = Float32Array.of(0.4, -0.7);
    const [first, second, third] = stack.levels.map(({ policy }) => policy) as [
      FrozenPolicy,
      FrozenPolicy,
      FrozenPolicy,
    ];
    const action = stack.act(latent, observation, observationSpace);
    const h2 = third.act(latent, observation.slice(0, 2));
    const h1 = second.act(h2, observation);
    expect(action).toEqual(first.act(h1, observation.slice(2)));
    const back = stack.latentOf(action, observation, observationSpace);
    for (const i of [0, 1]) expect(back[i]).toBeCloseTo(latent[i]!, 3);
  });

  it('comes back from a snapshot as the same policy', () => {
    const stack = threeLevels();
    const copy = LevelStack.load(copySnapshot(stack.save()));
    const latent = Float32Array.of(0.4, -0.7);
    expect(copy.act(latent, observation, observationSpace)).toEqual(
      stack.act(latent, observation, observationSpace),
    );
    expect(copy.levels.map(({ sees, every }) => ({ sees, every }))).toEqual(
      stack.levels.map(({ sees, every }) => ({ sees, every })),
    );
    expect(() => LevelStack.load({ arrays: {}, metadata: {} })).toThrow(SnapshotMismatchError);
    const { arrays, metadata } = stack.save();
    const spoiled: Snapshot = { arrays, metadata: { ...metadata, levels: 4 } };
    expect(() => LevelStack.load(spoiled)).toThrow('no part "level-3"');
  });

  it('acts as in an environment where all levels decide anew; embedded, it holds their actions', () => {
    const stack = threeLevels();
    const plain = world();
    const embedded = stack.embedIn(world());
    const latent = Float32Array.of(0.4, -0.7);
    let observation = plain.reset({ seed: 1 }).observation;
    embedded.reset({ seed: 1 });
    for (let i = 0; i < 3; i++) {
      // Two steps with one action of the second level, to which the lowest level responds anew in each state.
      const [lowest, second, third] = stack.levels as [Level, Level, Level];
      const h2 = third.policy.act(latent, observation.slice(0, 2) as Float32Array);
      const h1 = second.policy.act(h2, observation as Float32Array);
      const first = stack.act(latent, observation, observationSpace);
      expect(first).toEqual(lowest.policy.act(h1, observation.slice(2) as Float32Array));
      const between = plain.step(first).observation;
      const held = lowest.policy.act(h1, between.slice(2) as Float32Array);
      expect(held).not.toEqual(stack.act(latent, between, observationSpace));
      observation = plain.step(held).observation;
      expect(embedded.step(latent)).toMatchObject({ observation, duration: 2 });
    }
  });

  it('embeds its levels in an environment, each at its rate', () => {
    const stack = threeLevels();
    const view = { sees: { from: 0, to: 2 }, every: 3 } as const;
    const environment = stack.embedIn(world(), view, 1);
    expect(environment.observationSpace.flatSize).toBe(2);
    environment.reset({ seed: 1 });
    // Three actions of the third level; each is one of the second level, which takes two steps.
    expect(environment.step(Float32Array.of(0, 0)).duration).toBe(6);
    expect(() => new LevelStack().embedIn(world(), view, 1)).toThrow(InvalidInputError);
    const plain = world();
    expect(new LevelStack().embedIn(plain, { sees: null, every: 1 }, 1)).toBe(plain);
  });

  it('shows a level that continues others what the lowest of them experienced', () => {
    const { levels } = threeLevels();
    const plain = world();
    const lowest = new LevelStack(levels.slice(0, 1));
    const seesVelocities = { sees: { from: 2, to: 4 }, continued: 1 };
    const environment = lowest.embedIn(plain, seesVelocities);
    expect(environment.actionSpace).toBe(plain.actionSpace);
    expect(environment.observationSpace.flatSize).toBe(2);
    expect(lowest.placeOf(seesVelocities)).toEqual({ continued: [levels[0]!.policy], stepsPerAction: 1 });

    // In the place of the second level, which acts every 2 steps of the first.
    const two = new LevelStack(levels.slice(0, 2));
    const embedded = two.embedIn(world(), { continued: 1 });
    embedded.reset({ seed: 1 });
    expect(embedded.step(Float32Array.of(0, 0)).duration).toBe(2);
    expect(two.placeOf({ continued: 1 })).toEqual({ continued: [levels[1]!.policy], stepsPerAction: 2 });
    expect(two.placeOf({ every: 3 })).toEqual({ continued: [], stepsPerAction: 6 });
    expect(new LevelStack().placeOf()).toEqual({ continued: [], stepsPerAction: 1 });

    for (const [view, message] of [
      [{ continued: 3 }, 'continued: expected a whole number from 0 to 2, the levels below, got 3'],
      [{ continued: 1, every: 2 }, 'every: expected 1 for a level that continues the one below, got 2'],
      [
        { ...seesVelocities },
        'sees: expected all of the observation, as the levels that this one continues, got entries 2 to 4',
      ],
      [{ continued: 2 }, 'sees: expected entries 2 to 4'],
    ] as const) {
      expect(() => two.embedIn(world(), view)).toThrow(message);
    }
  });

  it('sees its parts elsewhere if observations are laid out differently', () => {
    const stack = threeLevels();
    const latent = Float32Array.of(0.4, -0.7);
    const shifted = new Box({ low: -Infinity, high: Infinity, shape: [5] });
    const parts = [
      { from: 3, to: 5 },
      { from: 1, to: 5 },
      { from: 1, to: 3 },
    ];
    expect(stack.seeing(parts).act(latent, Float32Array.of(9, ...observation), shifted)).toEqual(
      stack.act(latent, observation, observationSpace),
    );
    expect(() => stack.seeing([null])).toThrow('parts: expected one part for each of 3 levels, got 1');
  });

  it('holds no tensors after disposal', () => {
    const snapshot = copySnapshot(threeLevels().save());
    const before = tf.memory().numTensors;
    const stack = LevelStack.load(snapshot);
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    stack.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
