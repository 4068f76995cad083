import { copySnapshot, SnapshotMismatchError, snapshotsEqual } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NStepWindows } from '../learner/n-step-windows.js';
import type { TransitionRow } from '../learner/transition-reader.js';
import { ENVIRONMENTS, type InterleavedStep, interleavedSteps } from '../test-support/interleaved-steps.js';
import { NStepReplay } from './n-step-replay.js';

const options = { length: 3, discount: 0.5, observationSize: 2 };

const replayOf = (nStep: number) =>
  new NStepReplay({
    ...{ observationSize: 2, nStep, discount: 0.9, rewardScale: 1, capacity: 100, batchSize: 1 },
    bonus: ([environment, t]) => 0.1 * environment! + 0.01 * t!,
  });

/** Step t of all; its observations name its environment. */
const rowOf = ({ environment, ...step }: InterleavedStep, t: number): TransitionRow => ({
  ...step,
  observation: Float32Array.of(environment, t),
  action: Float32Array.of(t % 2, 1 - (t % 2)),
  nextObservation: Float32Array.of(environment, t + 0.5),
});

/** The rows of a replay as lists of numbers that begin with the environment. */
function rowsOf({ log }: NStepReplay): number[][] {
  return Array.from({ length: log.appended }, (_, i) => {
    const { observation, action, reward, nextObservation, bootstrap } = log.read(i, i + 1);
    return [observation, action, reward, nextObservation, bootstrap].flatMap((column) => [...column!]);
  });
}

/** A new replay that has loaded what this one saved. */
function reloaded(replay: NStepReplay, nStep: number): NStepReplay {
  const next = replayOf(nStep);
  next.prepare(copySnapshot(replay.save()), 'dqn')();
  next.windows.load(copySnapshot(replay.windows.save()));
  return next;
}

/** A step that ends no episode. */
const step = (environment: number): InterleavedStep => ({
  ...{ environment, reward: 1, duration: 1, terminated: false, truncated: false },
});

describe('NStepWindows', () => {
  it('fill a replay as a window for each environment alone would, also when saved and loaded', () => {
    fc.assert(
      fc.property(
        interleavedSteps,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 60 }),
        (steps, nStep, loadedAt) => {
          let together = replayOf(nStep);
          const alone = ENVIRONMENTS.map(() => replayOf(nStep));
          for (const [t, each] of steps.entries()) {
            if (t === loadedAt) together = reloaded(together, nStep);
            together.append(rowOf(each, t), each);
            alone[each.environment]!.append(rowOf(each, t), {});
          }
          const rows = rowsOf(together);
          for (const environment of ENVIRONMENTS) {
            expect(rows.filter(([from]) => from === environment)).toEqual(rowsOf(alone[environment]!));
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('save environment 0 as if it were alone, and others while steps wait', () => {
    const [alone, several] = [replayOf(3), replayOf(3)];
    for (const t of [0, 1]) {
      alone.append(rowOf(step(0), t), {});
      several.append(rowOf(step(0), t), step(0));
      several.append(rowOf(step(2), t), step(2));
    }
    expect(several.windows.save().metadata).toEqual({ environments: { 2: {} } });
    several.append(rowOf({ ...step(2), terminated: true }, 2), step(2));
    expect(snapshotsEqual(several.windows.save(), alone.windows.save())).toBe(true);
  });

  it('refuse a snapshot that does not fit, and stay as they were', () => {
    const replay = replayOf(3);
    for (const environment of [0, 2]) replay.append(rowOf(step(environment), 0), { environment });
    const saved = copySnapshot(replay.windows.save());
    const windows = new NStepWindows(options);
    windows.load(saved);
    const spoiled = (environments: unknown) => () =>
      windows.load({ ...saved, metadata: { environments: environments as never } });
    expect(spoiled([{}])).toThrow('n-step windows: environments: expected an object with the indices of');
    expect(spoiled({ zero: {} })).toThrow('1 or more, got the key "zero"');
    expect(spoiled({ 0: {} })).toThrow('1 or more, got the key "0"');
    expect(spoiled({ 1: 3 })).toThrow(SnapshotMismatchError);
    expect(spoiled({ 2: {}, 5: {} })).toThrow(
      'n-step window: the snapshot has no float64 array "observations"',
    );
    expect(() => new NStepWindows({ ...options, length: 1 }).load(saved)).toThrow(
      'expected fewer than nStep',
    );
    expect(snapshotsEqual(windows.save(), saved)).toBe(true);
  });
});
