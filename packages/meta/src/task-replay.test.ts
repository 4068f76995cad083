import { ActionScaling, ObservationNormalization, TransitionReader } from '@maxent/agents';
import { readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, InvalidInputError, Rng, type Transition } from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ContextRows } from './context-rows.js';
import { TaskExperience } from './task-experience.js';
import { TaskReplay } from './task-replay.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const reader = new TransitionReader(
  new Box({ low: -100, high: 100, shape: [2] }),
  ActionScaling.of(new Box({ low: [0], high: [4] }), 'test'),
);
const sizes = { observationSize: 2, actionSize: 1 };
const contextRows = new ContextRows({ ...sizes, nextObservation: true, contextReward: 'sparse' });

/** A step in which every field shows the number `i`. */
const transition = (i: number): Transition => ({
  observation: Float64Array.of(i, -i),
  action: Float32Array.of(3),
  reward: 10 * i,
  nextObservation: Float64Array.of(i + 1, -i - 1),
  terminated: i % 2 === 1,
  truncated: false,
  duration: 1 + (i % 3),
  info: { sparse: 0.5 * i },
});

const rowOf = (i: number) => contextRows.rowOf(reader.read(transition(i)), transition(i));

function filled(rows: number): TaskReplay {
  const replay = new TaskReplay({ ...sizes, capacity: 8 });
  for (let i = 0; i < rows; i++) replay.append(rowOf(i));
  return replay;
}

/** Experience of several tasks with the given steps of each. */
function experienceOf(...steps: number[][]): TaskExperience {
  let task = 0;
  const options = { ...sizes, capacity: 8, tasks: steps.length, contextRows, current: () => task };
  const experience = new TaskExperience(options);
  for (const [k, own] of steps.entries()) {
    task = k;
    for (const i of own) experience.append(reader.read(transition(i)), transition(i));
  }
  return experience;
}

/** Which steps contexts are drawn from. */
function stepsOf(replay: TaskReplay, source: 'recent' | 'visit' | 'all'): number[] {
  const slots = replay.drawContext(source, Rng.fromSeed(1), 200);
  const steps = new Float32Array(400);
  replay.log.gatherInto('observation', slots, steps);
  return [...new Set(steps.filter((_, i) => i % 2 === 0))].sort((a, b) => a - b);
}

describe('TaskReplay', () => {
  it('draws contexts from the last visit with a complete context, from the current visit, or from all', () => {
    const replay = filled(2);
    replay.completeContext();
    replay.beginVisit();
    for (const i of [2, 3, 4]) replay.append(rowOf(i));
    expect(stepsOf(replay, 'recent')).toEqual([0, 1]);
    expect(stepsOf(replay, 'visit')).toEqual([2, 3, 4]);
    replay.completeContext();
    replay.append(rowOf(5));
    expect(stepsOf(replay, 'recent')).toEqual([2, 3, 4]);
    expect(stepsOf(replay, 'all')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(replay.contextRows('recent')).toBe(3);
  });

  it('leaves out rows that the ring has overwritten, and refuses to draw from nothing', () => {
    const replay = filled(4);
    replay.completeContext();
    for (let i = 4; i < 10; i++) replay.append(rowOf(i));
    expect(stepsOf(replay, 'recent')).toEqual([2, 3]);
    expect(() => filled(0).drawContext('all', Rng.fromSeed(1), 1)).toThrow(InvalidInputError);
    expect(() => contextRows.rowOf(reader.read(transition(1)), { ...transition(1), info: {} })).toThrow(
      'contextReward: steps report no finite number "sparse"',
    );
  });
});

describe('rows of context', () => {
  // The action 3 of [0, 4] is 0.5 in the cube.
  const expected = [3, -3, 0.5, 1.5, 4, -4];

  it('are observation, action, reward and next observation, wherever they come from', () => {
    expect(contextRows.size).toBe(6);
    const drawn = experienceOf([], [3]).drawContexts([1], 2, 'all', Rng.fromSeed(1));
    expect(drawn.shape).toEqual([1, 2, 6]);
    expect([...readTensor(drawn)]).toEqual([...expected, ...expected]);
  });

  it('hold observations as networks see them', () => {
    const normalization = new ObservationNormalization(2);
    for (const observation of [
      [1, 0],
      [3, -4],
    ]) {
      normalization.count(observation);
    }
    const normalized = new ContextRows({
      ...sizes,
      nextObservation: true,
      contextReward: null,
      normalization,
    });
    const row = normalized.rowOf(reader.read(transition(3)), transition(3));
    const [mean, std] = [normalization.mean, normalization.std];
    const values = readTensor(
      normalized.tensor(1, 1, (_, column, out) => {
        const value = row[column];
        if (typeof value === 'number') out[0] = value;
        else out.set(value);
      }),
    );
    [(3 - mean[0]!) / std[0]!, (-3 - mean[1]!) / std[1]!, 0.5, 30].forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 4);
    });
  });
});

describe('a batch of several tasks', () => {
  it('holds rows task after task, with scaled rewards, ends of episodes and durations', () => {
    const experience = experienceOf([0, 1], [7], [2]);
    const view = { discount: 0.5, rewardScale: 0.1 };
    const batch = experience.drawBatch([0, 1, 2], 3, view, Rng.fromSeed(1));
    const steps = [...readTensor(batch.observations)].filter((_, i) => i % 2 === 0);
    expect(steps.slice(0, 3).every((step) => step === 0 || step === 1)).toBe(true);
    expect(steps.slice(3)).toEqual([7, 7, 7, 2, 2, 2]);
    readTensor(batch.rewards).forEach((reward, i) => void expect(reward).toBeCloseTo(steps[i]!, 5));
    // Steps 0 and 2 go on, with durations 1 and 3: discount^duration overall.
    const goesOn = (step: number) => (step % 2 === 1 ? 0 : 0.5 ** (step % 3));
    expect([...readTensor(batch.continues)]).toEqual(steps.map(goesOn));
    expect([...readTensor(batch.nextObservations)].filter((_, i) => i % 2 === 0)).toEqual(
      steps.map((step) => step + 1),
    );
  });

  it('goes on from a snapshot, and refuses one that lacks a task before changing anything', () => {
    const experience = experienceOf([0, 1], [7]);
    const other = experienceOf([2], [3, 4]);
    const saved = experience.save();
    const before = other.save().metadata;
    const { 'task-1': _, ...rest } = saved.metadata;
    expect(() => other.prepare({ ...saved, metadata: rest }, 'pearl')).toThrow(
      'pearl: the snapshot has no part',
    );
    expect(other.save().metadata).toEqual(before);
    expect(other.tasks.map(({ log }) => log.appended)).toEqual([1, 2]);
    other.prepare(saved, 'pearl')();
    expect(other.tasks.map(({ log }) => log.read(0, log.appended))).toEqual(
      experience.tasks.map(({ log }) => log.read(0, log.appended)),
    );
  });
});
