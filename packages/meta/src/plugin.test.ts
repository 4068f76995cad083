import { type AnyAgentDefinition, Box, InvalidInputError, parseConfig, Rng } from '@maxent/core';
import { checkPlugin } from '@maxent/core/testing';
import { envsPlugin } from '@maxent/envs';
import { mujocoPlugin } from '@maxent/mujoco';
import { describe, expect, it } from 'vitest';
import { pearlConfig } from './config.js';
import { metaPlugin, pearl } from './plugin.js';

it('keeps the rules of plugins', async () => {
  await checkPlugin(metaPlugin);
});

it('asks for a task family if none is given', () => {
  const box = new Box({ low: -1, high: 1, shape: [2] });
  const context = { observationSpace: box, actionSpace: box, rng: Rng.fromSeed(1) };
  expect(() => pearl.create(context, parseConfig(pearlConfig, {}))).toThrow(InvalidInputError);
});

describe('presets', () => {
  const { presets = {} }: AnyAgentDefinition = pearl;
  const families = [envsPlugin, mujocoPlugin].flatMap(({ taskFamilies = [] }) => taskFamilies);

  it.each(families.map(({ id }) => id))("%s has a preset of the paper's size and one for two cores", (id) => {
    expect(parseConfig(pearlConfig, presets[`paper-${id}`]!)).toMatchObject({
      hiddenSizes: [300, 300, 300],
      valueNetwork: true,
    });
    const { hiddenSizes, metaBatchSize, batchSize } = parseConfig(pearlConfig, presets[`two-core-${id}`]!);
    expect(hiddenSizes).toEqual([128, 128]);
    expect(metaBatchSize).toBeLessThanOrEqual(8);
    expect(batchSize).toBeLessThanOrEqual(64);
  });

  it('exist for no other families', () => {
    expect(Object.keys(presets)).toHaveLength(2 * families.length);
  });
});
