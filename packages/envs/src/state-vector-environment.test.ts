import {
  InvalidInputError,
  InvalidStateError,
  SnapshotMismatchError,
  SpaceMismatchError,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { CartPole } from './classic/cart-pole.js';
import { Pendulum } from './classic/pendulum.js';

/** Pushes right until the pole falls. */
function fall(environment: CartPole): number {
  for (let length = 1; ; length++) if (environment.step(1).terminated) return length;
}

describe('StateVectorEnvironment', () => {
  it('says why a step is refused', () => {
    const environment = new CartPole();
    expect(() => environment.step(0)).toThrow(/no episode has begun; call reset first/);
    environment.reset({ seed: 1 });
    fall(environment);
    expect(() => environment.step(0)).toThrow(/the episode has ended; call reset first/);
    environment.close();
    expect(() => environment.step(0)).toThrow(/closed/);
    expect(() => environment.reset()).toThrow(InvalidStateError);
    expect(() => environment.getState()).toThrow(InvalidStateError);
  });

  it.each([2, -1, 0.5, '1', null, Float32Array.of(1)])('refuses the discrete action %j', (action) => {
    const environment = new CartPole();
    environment.reset({ seed: 1 });
    expect(() => environment.step(action as number)).toThrow(SpaceMismatchError);
  });

  it.each([0.5, [0.5], Float32Array.of(0.5, 0.5), Float32Array.of(Number.NaN), Int32Array.of(1), undefined])(
    'refuses the continuous action %j',
    (action) => {
      const environment = new Pendulum();
      environment.reset({ seed: 1 });
      expect(() => environment.step(action as Float32Array)).toThrow(SpaceMismatchError);
    },
  );

  it('names the action and the space', () => {
    const environment = new Pendulum();
    environment.reset({ seed: 1 });
    expect(() => environment.step(Float32Array.of(1, 2))).toThrow(
      'action: expected a flat list of 1 number for Box(1, float32), got Float32Array(2) [1, 2]',
    );
  });

  it('goes on with the stream of the last seed when reset without one', () => {
    const starts = (seed?: number) => {
      const environment = new Pendulum();
      const first = environment.reset(seed === undefined ? {} : { seed }).observation;
      return [first, environment.reset().observation];
    };
    expect(starts(7)).toEqual(starts(7));
    expect(starts(7)[0]).not.toEqual(starts(7)[1]);
    expect(starts()).toEqual(starts(0));
  });

  it('leaves everything as it was when the seed is refused', () => {
    const environment = new Pendulum();
    environment.reset({ seed: 3 });
    const before = environment.getState();
    expect(() => environment.reset({ seed: -1 })).toThrow(InvalidInputError);
    expect(environment.getState()).toEqual(before);
  });

  it('refuses snapshots that are not its own', () => {
    const environment = new Pendulum();
    expect(() => environment.setState(new CartPole().getState())).toThrow(SnapshotMismatchError);
    const { arrays, metadata } = environment.getState();
    expect(() => environment.setState({ arrays: {}, metadata })).toThrow(/arrays\.state.*got none/);
    expect(() => environment.setState({ arrays, metadata: { ...metadata, phase: 'closed' } })).toThrow(
      SnapshotMismatchError,
    );
    expect(() => environment.setState({ arrays, metadata: { phase: metadata.phase! } })).toThrow(
      new SnapshotMismatchError('rng.algorithm: expected "philox4x32-10", got nothing'),
    );
  });

  it('restores an ended episode as ended', () => {
    const first = new CartPole();
    first.reset({ seed: 1 });
    fall(first);
    const second = new CartPole();
    second.setState(first.getState());
    expect(() => second.step(0)).toThrow(InvalidStateError);
    expect(second.reset().observation).toEqual(first.reset().observation);
  });
});
