import { InvalidInputError, validateTabularMdp } from '@maxent/core';
import { miniNavi, noisyLine, TabularEnvironment } from '@maxent/envs';
import { describe, expect, it } from 'vitest';
import { mdpOf } from '../control/test-support/worlds.js';
import { bayesAdaptiveMdp, prepareBayesAdaptive } from './bayes-adaptive-mdp.js';
import { reachHyperStates } from './hyper-states.js';
import type { TaskPrior } from './task-prior.js';

const arms = { arms: [{ alpha: 2, beta: 1 }] };
const [task] = noisyLine().tasks;
const small = mdpOf([[[1]]], [[0]]);

describe('bayesAdaptiveMdp', () => {
  it('is a process that is well formed, with a belief for every hyper-state', () => {
    const process = bayesAdaptiveMdp(miniNavi(), { episodes: 2, steps: 6 });
    expect(validateTabularMdp(process)).toBe(process);
    const { stateCount, stepOffsets, taskStates, beliefIds, beliefs, terminal, initial } = process;
    expect(stepOffsets).toHaveLength(13);
    expect(stepOffsets[12]).toBe(stateCount - 1);
    expect(terminal.indexOf(1)).toBe(stateCount - 1);
    expect([taskStates.length, beliefIds.length]).toEqual([stateCount - 1, stateCount - 1]);
    expect(initial[0]).toBe(1);
    expect([...beliefs.subarray(0, 5)]).toEqual(new Array(5).fill(0.2));
    // Every episode begins in the cell at the bottom left.
    for (let number = stepOffsets[6]!; number < stepOffsets[7]!; number++) expect(taskStates[number]).toBe(6);
    for (const id of beliefIds) {
      const belief = beliefs.subarray(5 * id, 5 * id + 5);
      expect(belief.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
    }
  });

  it('can be run: observations along the way are those of some task', () => {
    const process = bayesAdaptiveMdp(miniNavi(), { episodes: 1, steps: 6 });
    const environment = new TabularEnvironment(process);
    let found = 0;
    environment.reset({ seed: 1 });
    for (let episode = 0; episode < 200; episode++) {
      environment.reset();
      // Up, up, right, right, down and down pass all five cells that can be the goal.
      const rewards = [1, 1, 2, 2, 3, 3].map((action) => environment.step(action).reward);
      found += rewards.filter((reward) => reward === 1).length;
    }
    expect(found).toBe(200);
  });

  it('counts successes and failures of arms', () => {
    const { beliefs, stepOffsets } = bayesAdaptiveMdp(arms, { steps: 3 });
    expect([...stepOffsets]).toEqual([0, 1, 3, 6]);
    expect([...beliefs.subarray(0, 6)]).toEqual([2, 1, 3, 1, 2, 2]);
  });

  it('keeps one choice while an episode that has ended waits for the next', () => {
    const ending = mdpOf(
      [
        [
          [0, 1],
          [0, 1],
        ],
        [
          [0, 1],
          [0, 1],
        ],
      ],
      [
        [1, 2],
        [0, 0],
      ],
      { initial: [1, 0], terminal: [0, 1] },
    );
    const { reward, taskStates, stepOffsets } = bayesAdaptiveMdp(
      { tasks: [ending] },
      { episodes: 2, steps: 2 },
    );
    expect([...taskStates]).toEqual([0, 2, 0, 2]);
    expect([...stepOffsets]).toEqual([0, 1, 2, 3, 4]);
    expect([...reward]).toEqual([1, 2, 0, -Infinity, 1, 2, 0, -Infinity, 0, 0]);
  });

  it('refuses more hyper-states than memory has room for, before it is taken', () => {
    const { model, horizon } = prepareBayesAdaptive(miniNavi({ size: 4 }), { steps: 12 });
    expect(() => reachHyperStates(model, horizon, 1e6)).toThrow(InvalidInputError);
    expect(() => reachHyperStates(model, horizon, 1e6)).toThrow(
      /^steps: the first \d of 12 steps, with \d+ hyper-states, would take .* more than the limit of 976\.6 KiB; use fewer/,
    );
  });

  it.each<[unknown, unknown, string]>([
    [{}, { steps: 1 }, 'family: expected either tasks or arms'],
    [{ ...arms, tasks: [task] }, { steps: 1 }, 'family: expected either tasks or arms'],
    [{ tasks: [] }, { steps: 1 }, 'tasks: expected at least one task'],
    [{ arms: [] }, { steps: 1 }, 'arms: expected at least one arm'],
    [
      { arms: [{ alpha: 0, beta: 1 }] },
      { steps: 1 },
      'arms[0].alpha: expected a number from 0.05 to 1000000, got 0',
    ],
    [{ tasks: [task, small] }, { steps: 1 }, 'tasks[1].stateCount: expected 10, as in tasks[0], got 1'],
    [
      { tasks: [{ ...small, reward: Float64Array.of(-Infinity) }] },
      { steps: 1 },
      'tasks[0].reward[0]: expected a finite number, got -Infinity',
    ],
    [
      { tasks: [{ ...small, stateCount: 0 }] },
      { steps: 1 },
      'tasks[0].stateCount: expected a positive integer',
    ],
    [
      { tasks: [small], prior: Float64Array.of(0.5) },
      { steps: 1 },
      'prior: expected probabilities that sum to 1',
    ],
    [{ tasks: [small], prior: Float64Array.of(0.5, 0.5) }, { steps: 1 }, 'prior: expected 1 entries, got 2'],
    [arms, { steps: 0 }, 'steps: expected a positive integer, got 0'],
    [arms, { episodes: 1.5, steps: 1 }, 'episodes: expected a positive integer, got 1.5'],
  ])('refuses %o with %o', (family, options, message) => {
    const make = () => bayesAdaptiveMdp(family as TaskPrior, options as { steps: number });
    expect(make).toThrow(InvalidInputError);
    expect(make).toThrow(message);
  });
});
