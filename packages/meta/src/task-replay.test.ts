import { ActionScaling } from '@maxent/agents';
import { readTensor, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, InvalidInputError, Rng, type Transition } from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { contextColumns, drawBatch, drawContexts } from './task-batches.js';
import { contextRowSize, TaskReplay, type TaskReplayOptions, writeContextRow } from './task-replay.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const options: TaskReplayOptions = {
  observationSpace: new Box({ low: -100, high: 100, shape: [2] }),
  coordinates: ActionScaling.of(new Box({ low: [0], high: [4] }), 'test'),
  capacity: 8,
  nextObservationInContext: true,
  contextReward: 'sparse',
};

/** Everything in step `i` says so. */
const transition = (i: number): Transition => ({
  observation: Float64Array.of(i, -i),
  action: Float32Array.of(3),
  reward: 10 * i,
  nextObservation: Float64Array.of(i + 1, -i - 1),
  terminated: i % 2 === 1,
  truncated: false,
  info: { sparse: 0.5 * i },
});

function filled(rows: number): TaskReplay {
  const replay = new TaskReplay(options);
  for (let i = 0; i < rows; i++) replay.append(transition(i));
  return replay;
}

/** Which steps contexts are drawn from. */
function stepsOf(replay: TaskReplay, source: 'recent' | 'visit' | 'all'): number[] {
  const slots = new Int32Array(200);
  replay.drawContext(source, Rng.fromSeed(1), slots);
  const steps = new Float32Array(400);
  replay.log.gatherInto('observation', slots, steps);
  return [...new Set(steps.filter((_, i) => i % 2 === 0))].sort((a, b) => a - b);
}

describe('TaskReplay', () => {
  it('draws contexts from the last visit whose context is complete, from the one going on, or from all', () => {
    const replay = filled(2);
    replay.completeContext();
    replay.beginVisit();
    for (const i of [2, 3, 4]) replay.append(transition(i));
    expect(stepsOf(replay, 'recent')).toEqual([0, 1]);
    expect(stepsOf(replay, 'visit')).toEqual([2, 3, 4]);
    replay.completeContext();
    replay.append(transition(5));
    expect(stepsOf(replay, 'recent')).toEqual([2, 3, 4]);
    expect(stepsOf(replay, 'all')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(replay.contextRows('recent')).toBe(3);
  });

  it('leaves out what the ring has overwritten, and refuses to draw from nothing', () => {
    const replay = filled(4);
    replay.completeContext();
    for (let i = 4; i < 10; i++) replay.append(transition(i));
    expect(stepsOf(replay, 'recent')).toEqual([2, 3]);
    expect(() => new TaskReplay(options).drawContext('all', Rng.fromSeed(1), new Int32Array(1))).toThrow(
      InvalidInputError,
    );
    expect(() => replay.append({ ...transition(1), info: {} })).toThrow('contextReward');
  });
});

describe('rows of context', () => {
  it('are the same drawn from replay and written one by one: observation, action, reward, next observation', () => {
    const replay = new TaskReplay(options);
    replay.append(transition(3));
    const drawn = drawContexts([replay], 2, 'all', contextColumns(true), Rng.fromSeed(1));
    const row = new Float32Array(contextRowSize(options));
    writeContextRow(transition(3), options, row);
    // The action 3 of [0, 4] is 0.5 in the cube.
    expect([...row]).toEqual([3, -3, 0.5, 1.5, 4, -4]);
    expect(drawn.shape).toEqual([1, 2, 6]);
    expect([...readTensor(drawn)]).toEqual([...row, ...row]);
  });
});

describe('drawBatch', () => {
  it('holds rows task after task, with scaled rewards and the end of episodes', () => {
    const [first, second] = [filled(2), new TaskReplay(options)];
    second.append(transition(7));
    const batch = drawBatch([first, second], 3, 0.1, Rng.fromSeed(1));
    const steps = [...readTensor(batch.observations)].filter((_, i) => i % 2 === 0);
    expect(steps.slice(0, 3).every((step) => step === 0 || step === 1)).toBe(true);
    expect(steps.slice(3)).toEqual([7, 7, 7]);
    readTensor(batch.rewards).forEach((reward, i) => void expect(reward).toBeCloseTo(steps[i]!, 5));
    expect([...readTensor(batch.continues)]).toEqual(steps.map((step) => 1 - (step % 2)));
    expect([...readTensor(batch.nextObservations)].filter((_, i) => i % 2 === 0)).toEqual(
      steps.map((step) => step + 1),
    );
  });
});
