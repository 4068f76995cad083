import { type Environment, InvalidInputError, parseConfig } from '@maxent/core';
import { checkEnvironment } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { Maze } from './maze.js';
import { pointMaze } from './point-maze.js';

describe('Maze', () => {
  it('has the goals of the ant mazes of Haarnoja et al.', () => {
    expect(new Maze('simple').goals).toEqual([[6, -6]]);
    expect(new Maze('cross').goals).toEqual([
      [6, 6],
      [12, 0],
      [6, -6],
    ]);
  });

  it('tells floor from walls', () => {
    const maze = new Maze('simple');
    expect([maze.isOpen(0, 1.4), maze.isOpen(0, 1.6), maze.isOpen(-1.6, 0)]).toEqual([true, false, false]);
    expect([maze.isOpen(6, -6), maze.isOpen(3, -3), maze.isOpen(100, 0)]).toEqual([true, false, false]);
  });

  it('surrounds the floor with walls that lie next to it', () => {
    const maze = new Maze('cross');
    const walls = maze.walls();
    const isWall = (x: number, y: number) =>
      walls.some(
        ({ center, halfWidth, halfHeight }) =>
          Math.abs(x - center[0]) < halfWidth && Math.abs(y - center[1]) < halfHeight,
      );
    for (let x = -2.9; x < 15; x += 0.5) {
      for (let y = -8.9; y < 9; y += 0.5) {
        if (maze.isOpen(x, y)) expect(isWall(x, y), `${x}, ${y}`).toBe(false);
        // Within a cell of the floor everything that is not floor is wall.
        else if (maze.isOpen(x + 0.5, y) || maze.isOpen(x, y - 0.5)) expect(isWall(x, y)).toBe(true);
      }
    }
  });

  it('measures ways along the corridors', () => {
    const maze = new Maze('simple');
    const distance = maze.distanceTo(maze.goals[0]!);
    expect(distance(6, -6)).toBe(0);
    expect(distance(6, -5)).toBeCloseTo(1, 12);
    expect(distance(6, -2)).toBeCloseTo(4, 12);
    expect(distance(0, 0)).toBeCloseTo(12, 12);
    expect(distance(1, 1)).toBeCloseTo(Math.sqrt(5) + 9, 12);
    expect(distance(3, -3)).toBe(Infinity);
  });

  it.each([
    ['####/#SG#/###', 'equally long rows'],
    ['####/#GG#/####', 'one start S'],
    ['####/#S.#/####', 'a goal G'],
    ['###/#SG/###', 'walls all around'],
    ['####/#SX#/####', 'equally long rows of #, S, G'],
  ])('refuses %s', (map, message) => {
    expect(() => new Maze(map)).toThrow(InvalidInputError);
    expect(() => new Maze(map)).toThrow(message);
  });
});

function make(options: Record<string, unknown> = {}) {
  return pointMaze.create(parseConfig(pointMaze.options, options)) as Environment;
}

describe('PointMaze', () => {
  it.each([{}, { map: 'cross' }])('keeps the contract of environments, %o', async (options) => {
    await checkEnvironment(() => make(options), { name: 'PointMaze-v0', steps: 60 });
  });

  it('is stopped by walls and slides along them', () => {
    const environment = make({ startDeviation: 0 });
    environment.reset({ seed: 1 });
    let last = environment.step(Float32Array.of(-1, 0));
    for (let i = 0; i < 60; i++) last = environment.step(Float32Array.of(0.1, 1));
    expect(last.info.yPosition).toBeLessThanOrEqual(1.5);
    expect(last.info.yPosition).toBeGreaterThan(1.2);
    expect(last.info.yVelocity).toBeGreaterThanOrEqual(0);
    expect(last.info.xVelocity).toBeGreaterThan(0.1);
  });

  it('pays once, at the goal, and ends there', () => {
    const environment = make({ startDeviation: 0 });
    const { observation } = environment.reset({ seed: 1 });
    expect(Array.from(observation as Float32Array)).toEqual([0, 0, 0, 0]);
    let steps = 0;
    let result = environment.step(Float32Array.of(1, 0));
    while (!result.terminated && steps++ < 300) {
      expect(result.reward).toBe(0);
      result = environment.step(
        (result.info.xPosition as number) < 5 ? Float32Array.of(1, 0) : Float32Array.of(0, -1),
      );
    }
    expect(result.reward).toBe(1);
    expect(result.info.goalReached).toBe(true);
    expect(() => environment.step(Float32Array.of(0, 0))).toThrow('the goal was reached');
    expect(environment.reset().info.goalReached).toBeUndefined();
  });

  it('pays for a shorter way when the reward is dense, and takes it back for a longer one', () => {
    const environment = make({ startDeviation: 0, reward: 'dense' });
    environment.reset({ seed: 1 });
    let total = 0;
    for (let i = 0; i < 40; i++) {
      const { reward, info } = environment.step(Float32Array.of(i < 20 ? 1 : -1, 0));
      total += reward;
      // All of it lies in the corridor along x, whose end is 6 m away from the next.
      expect(total).toBeCloseTo(info.xPosition as number, 9);
    }
    expect(total).toBeLessThan(1);
  });

  it('draws among several goals and shows the one there is', () => {
    const environment = make({ map: 'cross' });
    environment.reset({ seed: 3 });
    const seen = new Set(
      Array.from({ length: 40 }, () =>
        Array.from(environment.reset().observation as Float32Array)
          .slice(4)
          .join(),
      ),
    );
    expect([...seen].sort()).toEqual(['12,0', '6,-6', '6,6']);
    const fixed = make({ map: 'cross', goal: 1 });
    expect(fixed.reset({ seed: 1 }).observation).toHaveLength(4);
    expect(() => make({ map: 'cross', goal: 3 })).toThrow('goal: expected a goal of the map, below 3, got 3');
  });

  it('is out of reach of random actions', () => {
    const environment = make();
    environment.reset({ seed: 5 });
    let reached = 0;
    for (let episode = 0; episode < 100; episode++) {
      environment.reset();
      for (let t = 0; t < 200; t++) {
        const angle = Math.sin(episode * 200 + t) * 1e4;
        if (environment.step(Float32Array.of(Math.sin(angle), Math.cos(1.7 * angle))).terminated) {
          reached += 1;
          break;
        }
      }
    }
    expect(reached).toBeLessThanOrEqual(1);
  });
});
