import { checkEnvironment, checkPlugin } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { Pendulum } from './classic/pendulum.js';
import { makeEnvironment } from './make-environment.js';
import { envsPlugin } from './plugin.js';
import { frozenLake } from './tabular/frozen-lake.js';
import { TabularEnvironment } from './tabular/tabular-environment.js';
import { ClipAction } from './wrappers/clip-action.js';
import { FlattenObservation } from './wrappers/flatten-observation.js';
import { FrameSkip } from './wrappers/frame-skip.js';
import { RecordEpisodeStatistics } from './wrappers/record-episode-statistics.js';
import { RescaleAction } from './wrappers/rescale-action.js';
import { TimeLimit } from './wrappers/time-limit.js';
import { TransformReward } from './wrappers/transform-reward.js';

/** Worlds in which, with their default options, nothing is random. */
const FIXED = ['CliffWalking-v1', 'GridWorld-v0'];

describe('conformance', () => {
  it('of the plugin, its definitions, and every environment without its time limit', async () => {
    const environments = Object.fromEntries(FIXED.map((id) => [id, { deterministic: true }]));
    const { passed } = await checkPlugin(envsPlugin, { environments });
    for (const { id } of envsPlugin.environments!) {
      expect(passed).toContain(`environment ${id}: options have defaults and descriptions`);
      expect(passed).toContain(`environment ${id}: getState and setState continue bit for bit`);
    }
  });

  it.each(envsPlugin.environments!)('of $id with its time limit', async (definition) => {
    // Long enough for every limit but MountainCarContinuous's 999 steps.
    const { passed } = await checkEnvironment(() => makeEnvironment(definition), {
      steps: 550,
      deterministic: FIXED.includes(definition.id),
      ...(definition.maxEpisodeSteps !== null && { maxEpisodeSteps: definition.maxEpisodeSteps }),
    });
    expect(passed).toContain('equal seeds give equal episodes');
  });

  it('of a stack of wrappers, every rule tried', async () => {
    const { skipped } = await checkEnvironment(
      () =>
        new RecordEpisodeStatistics(
          new TransformReward(
            new FlattenObservation(
              new TimeLimit(new FrameSkip(new ClipAction(new RescaleAction(new Pendulum())), 2), 20),
            ),
            (reward) => reward / 10,
          ),
        ),
    );
    expect(skipped).toEqual([]);
  });

  it('of a world in which nothing is random', async () => {
    const { skipped } = await checkEnvironment(
      () => new TabularEnvironment(frozenLake({ slippery: false })),
      { deterministic: true },
    );
    expect(skipped.map(({ rule }) => rule)).toEqual(['different seeds give different episodes']);
  });
});
