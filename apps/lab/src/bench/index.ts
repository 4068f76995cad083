import { act } from './act/index.js';
import { agents } from './agents/index.js';
import { backends } from './backends/index.js';
import type { Benchmark } from './benchmark.js';
import { envs } from './envs/index.js';
import { flow } from './flow/index.js';
import { matmul } from './matmul/index.js';
import { mazeSize } from './maze-size/index.js';
import { memory } from './memory/index.js';
import { mujocoParity } from './mujoco-parity/index.js';
import { pearlUpdate } from './pearl-update/index.js';
import { peers } from './peers/index.js';
import { pgm } from './pgm/index.js';
import { resume } from './resume/index.js';
import { robotModels } from './robot-models/index.js';
import { rolloutParity } from './rollout-parity/index.js';
import { sacUpdate } from './sac-update/index.js';
import { sacUpdateSince } from './sac-update-since/index.js';
import { spaceChecks } from './space-checks/index.js';
import { wholeRun } from './whole-run/index.js';

/** Every benchmark by the name that `lab bench NAME` takes. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  'sac-update': sacUpdate,
  'sac-update-since': sacUpdateSince,
  flow,
  'pearl-update': pearlUpdate,
  backends,
  matmul,
  peers,
  'whole-run': wholeRun,
  agents,
  act,
  envs,
  'space-checks': spaceChecks,
  pgm,
  'maze-size': mazeSize,
  memory,
  resume,
  'mujoco-parity': mujocoParity,
  'rollout-parity': rolloutParity,
  'robot-models': robotModels,
};
