import { Box, type BoxArray, Dict, Discrete, type Environment, MultiDiscrete } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import fixture from '../fixtures/wrappers.json' with { type: 'json' };
import { ClipAction } from './clip-action.js';
import { FlattenObservation } from './flatten-observation.js';
import { FrameSkip } from './frame-skip.js';
import { NormalizeObservation } from './normalize-observation.js';
import { NormalizeReward } from './normalize-reward.js';
import { RescaleAction } from './rescale-action.js';
import { playScript, Scripted, type ScriptRow } from './test-support/scripted.js';

/** Written by apps/lab/peers/gymnasium_wrapper_fixtures.py with the real Gymnasium. */
const script: readonly ScriptRow[] = fixture.script;
const BOUNDS = new Box({ low: [-2, 0], high: [2, 8] });

function expectClose(found: readonly number[][], expected: readonly number[][]): void {
  expect(found.length).toBe(expected.length);
  found.forEach((row, t) => {
    row.forEach((entry, i) => {
      const wanted = expected[t]![i]!;
      expect(Math.abs(entry - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted)));
    });
  });
}

describe('parity of wrappers with Gymnasium', () => {
  it('NormalizeObservation', () => {
    const environment = new NormalizeObservation(new Scripted(script));
    const { observations, rewards } = playScript(environment, script);
    expectClose(observations, fixture.normalizeObservation.observations);
    expect(rewards).toEqual(fixture.normalizeObservation.rewards);
    expect(environment.statistics.count).toBe(script.length);
  });

  it('NormalizeObservation, frozen on the way', () => {
    const { learned, observations: expected } = fixture.normalizeObservationFrozen;
    const training = new NormalizeObservation(new Scripted(script));
    const head = playScript(training, script.slice(0, learned!));
    const rest = script.slice(learned!);
    const frozen = new NormalizeObservation(new Scripted(rest), {
      statistics: training.statistics,
      frozen: true,
    });
    const tail = playScript(frozen, rest);
    expectClose([...head.observations, ...tail.observations], expected);
    expect(training.statistics.count).toBe(learned);
  });

  it('NormalizeReward', () => {
    const { discount, rewards: expected, observations } = fixture.normalizeReward;
    const found = playScript(new NormalizeReward(new Scripted(script), { discount }), script);
    expect(found.observations).toEqual(observations);
    found.rewards.forEach((reward, t) => {
      if (expected[t] === null) expect(reward).toBeNull();
      else expect(reward).toBeCloseTo(expected[t]!, 11);
    });
  });

  it('FrameSkip, which is RepeatAction there', () => {
    const inner = new Scripted(script);
    const environment = new FrameSkip(inner, fixture.frameSkip.frames);
    let ended = true;
    for (const row of fixture.frameSkip.rows) {
      expect(ended).toBe(row.reward === null);
      if (row.reward === null) {
        expect(Array.from(environment.reset().observation)).toEqual(row.observation);
        ended = false;
        continue;
      }
      const { observation, reward, terminated, truncated } = environment.step(Float32Array.of(0));
      expect(Array.from(observation)).toEqual(row.observation);
      expect(reward).toBeCloseTo(row.reward, 12);
      ended = terminated || truncated;
    }
    expect(inner.done).toBe(true);
  });

  it.each([
    ['ClipAction', fixture.clipAction, (inner: Scripted) => new ClipAction(inner)],
    ['RescaleAction', fixture.rescaleAction, (inner: Scripted) => new RescaleAction(inner)],
  ] as const)('%s', (_, { given, received }, wrap) => {
    const rows = [...given, []].map((_, i) => ({ ...script[1]!, reset: i === 0 }));
    const inner = new Scripted(rows, BOUNDS);
    const environment = wrap(inner);
    environment.reset();
    for (const action of given) environment.step(Float32Array.from(action));
    expect(inner.received.map((action) => Array.from(action))).toEqual(received);
  });

  it('FlattenObservation', () => {
    const { low, high, rows } = fixture.flattenObservation;
    const space = new Dict({
      speed: new Box({ low: [-1, -2], high: [1, 3] }),
      gear: new Discrete(3),
      inner: new Dict({
        mode: new MultiDiscrete([2, 4]),
        grid: new Box({ low: 0, high: 1, shape: [2, 2] }),
      }),
    });
    let place = -1;
    const observe = () => {
      const { speed, gear, mode, grid } = rows[++place]!;
      return {
        speed: Float32Array.from(speed),
        gear,
        inner: { mode: Int32Array.from(mode), grid: Float32Array.from(grid) },
      };
    };
    const inner: Environment<unknown, BoxArray> = {
      observationSpace: space,
      actionSpace: BOUNDS,
      reset: () => ({ observation: observe(), info: {} }),
      step: () => ({ observation: observe(), reward: 0, terminated: false, truncated: false, info: {} }),
      close: () => {},
    };
    const environment = new FlattenObservation(inner);
    const { observationSpace } = environment;
    expect([Array.from(observationSpace.low), Array.from(observationSpace.high)]).toEqual([low, high]);
    rows.forEach(({ flat }, i) => {
      const { observation } = i === 0 ? environment.reset() : environment.step(Float32Array.of(0, 0));
      expect(observation).toBeInstanceOf(Float32Array);
      expect(Array.from(observation)).toEqual(flat);
    });
  });
});
