import { Rng } from '@maxent/core';
import { makeEnvironment, pointMaze } from '@maxent/envs';
import { describeMachine, describeVersions } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions } from '../benchmark.js';

/** The mazes for latent space policies, the smallest first: each next one is used if SAC solves the one before. */
export const MAZES = {
  turn: '#####/#S..#/###.#/#G..#/#####',
  'double turn': '#####/#S..#/###.#/#...#/#.###/#..G#/#####',
} as const;

const EPISODES = 1000;
/** Largest share of episodes in which uniformly random actions may reach the goal. */
const LARGEST_SHARE = 0.01;

/** `lab bench maze-size`: how often uniformly random actions reach the goal of each maze. */
export const mazeSize: Benchmark = {
  description: 'Share of episodes in which uniformly random actions reach the goal of each point maze',
  run,
};

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const rows = [];
  for (const [label, map] of Object.entries(MAZES)) {
    progress?.(`${EPISODES} episodes in ${label}`);
    const share = await successShare(map, EPISODES);
    rows.push({ label, median: share, unit: 'of episodes', runs: [share] });
  }
  return {
    name: 'maze-size',
    machine: describeMachine(),
    versions: describeVersions(),
    rows,
    ratios: {},
    failures: rows
      .filter(({ median }) => median >= LARGEST_SHARE)
      .map(
        ({ label, median }) =>
          `random actions reach the goal of ${label} in ${100 * median} % of episodes; it must be under ${100 * LARGEST_SHARE} %`,
      ),
    notes: [
      `${EPISODES} episodes of PointMaze-v0 for each map, actions uniform in [-1, 1]^2, seed 1`,
      ...Object.entries(MAZES).map(([label, map]) => `${label}: ${map}`),
    ],
  };
}

/** Share of episodes, from seed 1 on, in which uniformly random actions reach the goal of a map. */
export async function successShare(map: string, episodes: number): Promise<number> {
  const environment = await makeEnvironment(pointMaze, { map });
  const rng = Rng.fromSeed(1).split('actions');
  const action = new Float32Array(2);
  let reached = 0;
  for (let episode = 0; episode < episodes; episode++) {
    environment.reset(episode === 0 ? { seed: 1 } : {});
    for (let ended = false; !ended; ) {
      rng.fillUniform(action, -1, 1);
      const { terminated, truncated, info } = environment.step(action);
      if (info.goalReached === true) reached += 1;
      ended = terminated || truncated;
    }
  }
  environment.close();
  return reached / episodes;
}
