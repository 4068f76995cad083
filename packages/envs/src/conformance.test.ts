import { checkEnvironment } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { Pendulum } from './classic/pendulum.js';
import { makeEnvironment } from './make-environment.js';
import { envsPlugin } from './plugin.js';
import { frozenLake } from './tabular/frozen-lake.js';
import { TabularEnvironment } from './tabular/tabular-environment.js';
import { RecordEpisodeStatistics } from './wrappers/record-episode-statistics.js';
import { RescaleAction } from './wrappers/rescale-action.js';
import { TimeLimit } from './wrappers/time-limit.js';

describe('checkEnvironment accepts', () => {
  it.each(envsPlugin.environments!)('$id, without its time limit', async (definition) => {
    await checkEnvironment(() => definition.create(definition.options.parse({})), { name: definition.id });
  });

  it.each(envsPlugin.environments!)('$id, with its time limit', async (definition) => {
    // Long enough for every limit but MountainCarContinuous's 999 steps.
    await checkEnvironment(() => makeEnvironment(definition), { name: definition.id, steps: 550 });
  });

  it('a stack of wrappers, every rule tried', async () => {
    const { skipped } = await checkEnvironment(
      () => new RecordEpisodeStatistics(new TimeLimit(new RescaleAction(new Pendulum()), 20)),
    );
    expect(skipped).toEqual([]);
  });

  it('a world in which nothing is random', async () => {
    await checkEnvironment(() => new TabularEnvironment(frozenLake({ slippery: false })), {
      deterministic: true,
    });
  });
});
