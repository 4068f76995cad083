import { describe, expect, it } from 'vitest';
import { MultiGoal, multiGoal } from './multi-goal.js';

type Options = Parameters<typeof multiGoal.options.parse>[0];

function at(x: number, y: number, options: Options = {}): MultiGoal {
  const environment = new MultiGoal(multiGoal.options.parse(options));
  environment.reset({ seed: 0 });
  const snapshot = environment.getState();
  environment.setState({
    ...snapshot,
    arrays: { state: { shape: [2], data: Float64Array.of(x, y) } },
  });
  return environment;
}

describe('MultiGoal', () => {
  it.each([
    // From, action, to, action cost 30 |a|^2, squared distance to the nearest goal, goal reached.
    [[0, 0], [0.5, 0], [0.5, 0], 7.5, 20.25, null],
    [[0, 0], [2, -3], [1, -1], 60, 17, null],
    [[-2.5, 0], [0, 0.5], [-2.5, 0.5], 7.5, 6.5, null],
    [[2.5, 2.5], [0, 0], [2.5, 2.5], 0, 12.5, null],
    [[6.5, 7], [1, 1], [7, 7], 60, 53, null],
    [[4, 0.5], [0.5, 0], [4.5, 0.5], 7.5, 0.5, 0],
    [[-4, 0], [0, 0], [-4, 0], 0, 1, null],
    [[-4, 0], [-0.5, 0], [-4.5, 0], 7.5, 0.25, 1],
    [[0, 5], [0, 0], [0, 5], 0, 0, 2],
    [[0, -6], [0, 0.5], [0, -5.5], 7.5, 0.25, 3],
  ] as const)('from %j, action %j leads to %j', (from, action, to, actionCost, distance, goal) => {
    const environment = at(from[0], from[1]);
    const { observation, reward, terminated, info } = environment.step(Float32Array.from(action));
    expect(Array.from(observation)).toEqual(to);
    expect(reward).toBeCloseTo(-actionCost - distance + (goal === null ? 0 : 10), 12);
    expect([terminated, info.goal]).toEqual([goal !== null, goal]);
  });

  it("has the coefficients of the soft actor-critic authors' code as options", () => {
    const environment = at(0, 4.5, { actionCost: 1, distanceCost: 0.1, goalReward: 1 });
    expect(environment.step(Float32Array.of(0, 0.5)).reward).toBeCloseTo(-0.25 - 0 + 1, 12);
  });

  it('counts the goals that it is given alone', () => {
    const environment = at(-4, 0, { goals: ['south', 'east'] });
    const { reward, terminated, info } = environment.step(Float32Array.of(0, 0));
    expect([reward, terminated, info.goal]).toEqual([-(4 ** 2 + 5 ** 2), false, null]);
    const south = at(0, -5, { goals: ['south'] }).step(Float32Array.of(0, 0));
    expect([south.reward, south.terminated, south.info.goal]).toEqual([10, true, 3]);
  });

  it('goes on at a goal when told to', () => {
    const environment = at(0, 5, { terminateAtGoal: false });
    const steps = [1, 2].map(() => environment.step(Float32Array.of(0, 0)));
    expect(steps.map(({ reward, terminated }) => [reward, terminated])).toEqual([
      [10, false],
      [10, false],
    ]);
  });

  it('starts around the origin', () => {
    const environment = new MultiGoal();
    environment.reset({ seed: 1 });
    const starts = Array.from({ length: 1000 }, () => environment.reset().observation);
    const variance = starts.reduce((sum, [x, y]) => sum + x! ** 2 + y! ** 2, 0) / 2000;
    // Standard error sqrt(2 / 2000) of 0.01.
    expect(Math.abs(variance / 0.01 - 1)).toBeLessThan(0.15);
  });
});
