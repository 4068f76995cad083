import { Rng, SnapshotMismatchError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { Collection, type CollectionSteps } from './collection.js';

const steps: CollectionSteps = { initialSteps: 5, priorSteps: 10, posteriorSteps: 0, extraSteps: 5 };

/** Plays the whole next episode. */
function episode(collection: Collection, rng: Rng, length: number): string {
  const { task, phase, visitStarts } = collection.next(rng);
  for (let i = 0; i < length; i++) collection.countStep();
  return `${task} ${phase}${visitStarts ? ' starts' : ''}`;
}

describe('Collection', () => {
  it('visits every task once, then random tasks, phase by phase, in whole episodes', () => {
    const collection = new Collection(steps, 3);
    const rng = Rng.fromSeed(1);
    const initial = Array.from({ length: 3 }, () => episode(collection, rng, 6));
    expect(initial).toEqual(['0 initial starts', '1 initial starts', '2 initial starts']);
    const visited = Rng.fromSeed(1).integer(3);
    // Ten prior steps are two episodes of 6; there are no posterior steps.
    const visit = Array.from({ length: 3 }, () => episode(collection, rng, 6));
    expect(visit).toEqual([`${visited} prior starts`, `${visited} prior`, `${visited} extra`]);
    expect(episode(collection, rng, 6)).toMatch(/^\d prior starts$/);
    expect(collection.pastInitial).toBe(true);
  });

  it('collects shorter episodes until a phase has its steps', () => {
    const collection = new Collection({ ...steps, extraSteps: 0 }, 1);
    const rng = Rng.fromSeed(1);
    expect(Array.from({ length: 4 }, () => episode(collection, rng, 2))).toEqual([
      ...['0 initial starts', '0 initial', '0 initial', '0 prior starts'],
    ]);
    const later = Array.from({ length: 5 }, () => episode(collection, rng, 2));
    expect(later).toEqual(['0 prior', '0 prior', '0 prior', '0 prior', '0 prior starts']);
  });

  it('goes on from where it was saved, and refuses an invalid place', () => {
    const [collection, other] = [new Collection(steps, 2), new Collection(steps, 2)];
    const rng = Rng.fromSeed(4);
    for (let i = 0; i < 4; i++) episode(collection, rng, 6);
    other.load(JSON.parse(JSON.stringify(collection.save())));
    const copy = Rng.fromState(rng.state());
    for (let i = 0; i < 5; i++) expect(episode(other, copy, 6)).toBe(episode(collection, rng, 6));
    expect(() => other.load({ task: 0, phase: 'late', stepsInPhase: 1 })).toThrow(SnapshotMismatchError);
  });
});
