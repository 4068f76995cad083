import { type Agent, copySnapshot, type Snapshot, SnapshotMismatchError, snapshotsEqual } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Steps and updates on experience that depends on the seed. */
export type Feed<A extends Agent> = (agent: A, steps: number, seed: number) => void;

/** `restored`, an agent with another seed, continues from a snapshot of `original` bit for bit. */
export function expectToContinue<A extends Agent>(original: A, restored: A, feed: Feed<A>): void {
  feed(original, 40, 5);
  restored.load(copySnapshot(original.save()));
  for (const agent of [original, restored]) feed(agent, 30, 6);
  expect(snapshotsEqual(restored.save(), original.save())).toBe(true);
  expect(restored.update().metrics()).toEqual(original.update().metrics());
}

/** The agent refuses the snapshot, and stays as it was. */
export function expectToRefuse(agent: Agent, spoiled: Snapshot): void {
  const before = copySnapshot(agent.save());
  expect(() => agent.load(spoiled)).toThrow(SnapshotMismatchError);
  expect(snapshotsEqual(agent.save(), before)).toBe(true);
}

/** Learning holds the tensor count constant, and `dispose` releases everything; the agent must not be used after. */
export function expectNoLeaks<A extends Agent>(make: () => A, feed: Feed<A>): void {
  const before = tf.memory().numTensors;
  const agent = make();
  feed(agent, 20, 5);
  const during = tf.memory().numTensors;
  feed(agent, 50, 6);
  expect(tf.memory().numTensors).toBe(during);
  agent.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

export function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
