import { defineEnvironment, InvalidInputError, PluginError } from '@maxent/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { Pendulum, pendulum } from './classic/pendulum.js';
import { makeEnvironment } from './make-environment.js';
import { TimeLimit } from './wrappers/time-limit.js';

describe('makeEnvironment', () => {
  it('applies the time limit of the definition', async () => {
    const environment = await makeEnvironment(pendulum);
    expect(environment).toBeInstanceOf(TimeLimit);
    expect(environment.maxEpisodeSteps).toBe(200);
  });

  it('adds no wrapper when there is no limit', async () => {
    const endless = defineEnvironment({
      id: 'Endless',
      description: 'A pendulum without a time limit.',
      options: z.object({}),
      maxEpisodeSteps: null,
      create: () => new Pendulum(),
    });
    expect(await makeEnvironment(endless)).toBeInstanceOf(Pendulum);
  });

  it('hands parsed options to the environment', async () => {
    const rewardsAfterAStep = [0, 10].map(async (gravity) => {
      const environment = await makeEnvironment(pendulum, { gravity });
      environment.reset({ seed: 4 });
      environment.step(Float32Array.of(0));
      return environment.step(Float32Array.of(0)).reward;
    });
    const [weightless, heavy] = await Promise.all(rewardsAfterAStep);
    expect(weightless).not.toBe(heavy);
  });

  it.each([undefined, 0, -1, 2.5, '20'])('refuses a definition with a time limit of %o', async (limit) => {
    const definition = { ...pendulum, maxEpisodeSteps: limit as number };
    await expect(makeEnvironment(definition)).rejects.toThrow(PluginError);
    await expect(makeEnvironment(definition)).rejects.toThrow(
      /^Pendulum-v1: maxEpisodeSteps is .* or null for/,
    );
  });

  it('names the option at fault', async () => {
    const misspelt = { gravty: 1 } as Record<string, unknown>;
    await expect(makeEnvironment(pendulum, misspelt)).rejects.toThrow(/Pendulum-v1\.gravty.*gravity/);
    await expect(makeEnvironment(pendulum, { gravity: 'low' as unknown as number })).rejects.toThrow(
      InvalidInputError,
    );
    expectTypeOf(makeEnvironment<typeof pendulum.options>)
      .parameter(1)
      .toEqualTypeOf<{ gravity?: number | undefined } | undefined>();
  });
});
