import { UnknownNameError } from '@maxent/core';
import { expect, it } from 'vitest';
import type { Arrangement } from './protocol.js';
import { makeStepper, type Stepper } from './steppers.js';

function make(id: string, arrangement: Arrangement): Promise<Stepper> {
  return makeStepper({ command: 'step', id, arrangement, environments: 3, seconds: 0 });
}

it.each(['CartPole-v1', 'FrozenLake-v1', 'Reacher-v5'])(
  '%s goes on over ends of episodes, and counts every environment',
  async (id) => {
    const [single, vector] = [await make(id, 'single'), await make(id, 'sync')];
    // Past the ends of their episodes, which are of at most 50, 100 and 500 steps.
    for (let i = 0; i < 11; i++) expect(await single.advance()).toBe(50);
    for (let i = 0; i < 60; i++) expect(await vector.advance()).toBe(3);
    await single.close();
    await vector.close();
    expect(() => single.advance()).toThrow(/closed/);
    await expect(vector.advance()).rejects.toThrow(/closed/);
  },
);

it('knows the environments that it can step', async () => {
  await expect(make('Ant-v9', 'single')).rejects.toThrow(UnknownNameError);
});
