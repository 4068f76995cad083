import { Box, Discrete, Rng, SpaceMismatchError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { ActionScaling } from './action-scaling.js';

describe('ActionScaling', () => {
  it('maps the cube onto the box and back, entry by entry', () => {
    const scaling = ActionScaling.of(new Box({ low: [-3, 0], high: [3, 10] }), 'test');
    expect([...scaling.decode([-1, -1])]).toEqual([-3, 0]);
    expect([...scaling.decode([1, 0.5])]).toEqual([3, 7.5]);
    const cube = new Float32Array(2);
    scaling.encode(Float32Array.of(1.5, 2.5), cube);
    expect([...cube]).toEqual([0.5, -0.5]);
  });

  it('never leaves the box, not even by rounding at its corners', () => {
    const rng = Rng.fromSeed(1);
    for (let i = 0; i < 2000; i++) {
      const low = rng.normal();
      const space = new Box({ low: [low], high: [low + rng.exponential()], dataType: 'float64' });
      const scaling = ActionScaling.of(space, 'test');
      for (const corner of [-1, 1]) expect(space.contains(scaling.decode([corner]))).toBe(true);
    }
  });

  it('refuses spaces without a cube, and says what to do', () => {
    expect(() => ActionScaling.of(new Discrete(3), 'sac')).toThrow(SpaceMismatchError);
    expect(() => ActionScaling.of(new Discrete(3), 'sac')).toThrow(
      'sac needs a Box action space with finite bounds, got Discrete(3). For Discrete actions use the agent dqn, ' +
        'soft-dqn or discrete-sac, or q-learning or soft-q-learning if observations are Discrete too.',
    );
    expect(() => ActionScaling.of(new Box({ low: [0], high: [Infinity] }), 'sac')).toThrow(
      'sac needs a Box action space with finite bounds, got Box(1, float32). Bound the actions with a wrapper.',
    );
    expect(() => ActionScaling.of(new Box({ low: [0, 1], high: [1, 1] }), 'sac')).toThrow(
      'action 1 has low = high = 1',
    );
  });
});
