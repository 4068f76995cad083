import { type Environment, type EnvironmentDefinition, parseConfig, svgProblem } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { cartPole } from '../classic/cart-pole.js';
import { makeEnvironment } from '../make-environment.js';
import { envsPlugin } from '../plugin.js';

const environments = envsPlugin.environments!.map((definition): [string, () => Promise<Environment>] => [
  definition.id,
  () => makeEnvironment(definition as EnvironmentDefinition),
]);
const families = envsPlugin.taskFamilies!.map((definition): [string, () => Promise<Environment>] => [
  definition.id,
  async () => {
    const family = await definition.create(parseConfig(definition.options, {}) as never);
    return family.create(family.split({ trainCount: 1, testCount: 1, seed: 1 }).test[0] as never);
  },
]);

describe('pictures', () => {
  it.each([...environments, ...families])('of %s', async (id, make) => {
    const environment = await make();
    environment.reset({ seed: 1 });
    const first = await environment.render!();
    expect(svgProblem(first), id).toBeUndefined();
    // Numbers are short, and none is missing.
    expect(first).not.toMatch(/\d\.\d{3}|NaN|Infinity|undefined|null/);
    expect(first).toMatch(/role="img" aria-label="[^"]+"/);
    environment.close();
  });

  it('show the state when they were asked for', async () => {
    const environment = await makeEnvironment(cartPole);
    environment.reset({ seed: 1 });
    const asked = environment.render!();
    const same = await environment.render!();
    for (let i = 0; i < 5; i++) environment.step(1);
    expect(await asked).toBe(same);
    expect(await environment.render!()).not.toBe(same);
  });
});
