import { agents } from './agents/index.js';
import { backends } from './backends/index.js';
import type { Benchmark } from './benchmark.js';
import { envs } from './envs/index.js';
import { flow } from './flow/index.js';
import { sb3Curves } from './learning-curves/index.js';
import { lspCurves, lspCurvesAnt } from './level-curves/index.js';
import { matmul } from './matmul/index.js';
import { lspMazes } from './maze-runs/index.js';
import { mazeSize } from './maze-size/index.js';
import { memory } from './memory/index.js';
import { mujocoParity } from './mujoco-parity/index.js';
import { pearlCurves } from './pearl-curves/index.js';
import { pearlUpdate } from './pearl-update/index.js';
import { peers } from './peers/index.js';
import { pgm } from './pgm/index.js';
import { resume } from './resume/index.js';
import { rolloutParity } from './rollout-parity/index.js';
import { sacUpdate } from './sac-update/index.js';
import { spaceChecks } from './space-checks/index.js';

export type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from './benchmark.js';
export { BenchmarkFailedError } from './benchmark.js';
export { type Check, holds } from './checks.js';
export { formatBenchAnswer } from './format-answer.js';
export { mean } from './statistics.js';

/** Every benchmark by the name that `maxent bench NAME` takes. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  'sac-update': sacUpdate,
  flow,
  'pearl-update': pearlUpdate,
  backends,
  matmul,
  peers,
  agents,
  envs,
  'space-checks': spaceChecks,
  pgm,
  'sb3-curves': sb3Curves,
  'lsp-curves': lspCurves,
  'lsp-curves-ant': lspCurvesAnt,
  'lsp-mazes': lspMazes,
  'pearl-curves': pearlCurves,
  'maze-size': mazeSize,
  memory,
  resume,
  'mujoco-parity': mujocoParity,
  'rollout-parity': rolloutParity,
};
