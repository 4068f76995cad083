import { type EnvironmentDefinition, parseConfig } from '@maxent/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ant } from './environments/ant.js';
import { halfCheetah } from './environments/half-cheetah.js';
import { hopper } from './environments/hopper.js';
import { invertedPendulum } from './environments/inverted-pendulum.js';
import { loadMujoco } from './load-mujoco.js';
import { toXml } from './mjcf/to-xml.js';
import { antModel } from './models/ant.js';
import { halfCheetahModel } from './models/half-cheetah.js';
import { hopperModel } from './models/hopper.js';
import { invertedPendulumModel } from './models/inverted-pendulum.js';
import type { MujocoEnvironment } from './mujoco-environment.js';
import { Simulation } from './simulation.js';
import { largestGap, readFixture, rolloutGaps, stepGap } from './test-support/parity-fixture.js';

const SUITE = [
  { name: 'inverted-pendulum', definition: invertedPendulum, model: invertedPendulumModel },
  { name: 'half-cheetah', definition: halfCheetah, model: halfCheetahModel },
  { name: 'hopper', definition: hopper, model: hopperModel },
  { name: 'ant', definition: ant, model: antModel },
];

async function make(definition: EnvironmentDefinition, options = {}): Promise<MujocoEnvironment> {
  const parsed = parseConfig(definition.options, options);
  return (await definition.create(parsed)) as MujocoEnvironment;
}

function numbers(value: number | ArrayLike<number>): ArrayLike<number> {
  return typeof value === 'number' ? [value] : value;
}

describe.each(SUITE)('parity with Gymnasium, $definition.id', ({ name, definition, model }) => {
  const fixture = readFixture(name);
  let environment: MujocoEnvironment;
  beforeAll(async () => {
    environment = await make(definition);
  });
  afterAll(() => environment.close());

  describe('compiled model', () => {
    let simulation: Simulation;
    let compiled: Readonly<Record<string, unknown>>;
    beforeAll(async () => {
      simulation = new Simulation(await loadMujoco(), toXml(model));
      compiled = simulation.model as unknown as Readonly<Record<string, unknown>>;
    });
    afterAll(() => simulation.delete());

    it('has the same sizes', () => {
      for (const [size, expected] of Object.entries(fixture.model.sizes)) {
        expect(compiled[size], size).toBe(expected);
      }
    });

    it('has the same constants', () => {
      for (const [array, expected] of Object.entries(fixture.model.arrays)) {
        const gap = largestGap(compiled[array] as ArrayLike<number>, expected);
        expect(gap, array).toBeLessThanOrEqual(1e-9);
      }
    });

    it('has the same options', () => {
      const options = compiled.opt as Readonly<Record<string, number | ArrayLike<number>>>;
      for (const [option, expected] of Object.entries(fixture.model.options)) {
        const gap = largestGap(numbers(options[option]!), numbers(expected));
        expect(gap, option).toBeLessThanOrEqual(1e-9);
      }
    });
  });

  it('200 single steps, each from a recorded state, within 1e-9 relative', () => {
    expect(fixture.steps).toHaveLength(200);
    const gaps = fixture.steps.map((recorded) => {
      environment.setPhysicsState(recorded.state);
      return stepGap(environment, recorded);
    });
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1e-9);
  });

  it.each(fixture.rollouts)('20 steps open loop within 1e-6 relative', (recorded) => {
    expect(Math.max(...rolloutGaps(environment, recorded))).toBeLessThanOrEqual(1e-6);
  });

  it.each(fixture.variants)('with options $options', async ({ options, rollout }) => {
    const variant = await make(definition, options);
    expect(Math.max(...rolloutGaps(variant, rollout))).toBeLessThanOrEqual(1e-9);
    variant.close();
  });
});
