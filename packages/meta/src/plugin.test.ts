import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  type AnyAgentDefinition,
  Box,
  InvalidInputError,
  parseConfig,
  Rng,
  type TaskFamilyDefinition,
} from '@maxent/core';
import { envsPlugin } from '@maxent/envs';
import { mujocoPlugin } from '@maxent/mujoco';
import { beforeAll, describe, expect, it } from 'vitest';
import { pearlConfig } from './config.js';
import { Pearl } from './pearl.js';
import { pearl } from './plugin.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

it('asks for a task family if none is given', () => {
  const box = new Box({ low: -1, high: 1, shape: [2] });
  const context = { observationSpace: box, actionSpace: box, rng: Rng.fromSeed(1) };
  expect(() => pearl.create(context, parseConfig(pearlConfig, {}))).toThrow(InvalidInputError);
});

describe('presets', () => {
  const { presets = {} }: AnyAgentDefinition = pearl;
  const families = [envsPlugin, mujocoPlugin].flatMap(({ taskFamilies = [] }) => taskFamilies);

  const discrete = ['MiniNavi', 'BernoulliBandit', 'NoisyLine'];
  const continuous = families.map(({ id }) => id).filter((id) => !discrete.includes(id));

  it.each(continuous)("%s has a preset of the paper's size", (id) => {
    expect(parseConfig(pearlConfig, presets[`paper-${id}`]!)).toMatchObject({
      hiddenSizes: [300, 300, 300],
      valueNetwork: true,
    });
  });

  it.each(families.map(({ id }) => id))('%s has a preset for two cores', (id) => {
    const { hiddenSizes, metaBatchSize, batchSize } = parseConfig(pearlConfig, presets[`two-core-${id}`]!);
    expect(hiddenSizes).toEqual([128, 128]);
    expect(metaBatchSize).toBeLessThanOrEqual(8);
    expect(batchSize).toBeLessThanOrEqual(64);
  });

  it.each(discrete)('of %s makes an agent of its spaces', async (id) => {
    const definition = families.find((family) => family.id === id)! as TaskFamilyDefinition;
    const family = await definition.create(parseConfig(definition.options, {}));
    const { observationSpace, actionSpace } = await family.create(
      family.split({ trainCount: 1, testCount: 1, seed: 1 }).train[0],
    );
    const config = parseConfig(pearlConfig, presets[`two-core-${id}`]!);
    const tasks = family.split({ trainCount: config.trainTasks, testCount: 1, seed: 1 }).train;
    const agent = new Pearl<number>(
      {
        observationSpace,
        actionSpace,
        rng: Rng.fromSeed(1),
        tasks: tasks.map((task) => family.descriptor(task)),
      },
      config,
    );
    expect(actionSpace.contains(agent.act(0, { deterministic: true }))).toBe(true);
    agent.dispose();
  });

  it('exist for no other families', () => {
    expect(Object.keys(presets)).toHaveLength(families.length + continuous.length);
  });
});
