import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    bin: 'src/bin.ts',
    // For scripts/unchanged.mjs.
    'earlier-commit': 'src/earlier-commit.ts',
    'compare-runs': 'src/bench/resume/compare-runs.ts',
    // Started as processes of their own.
    'maxent-worker': 'src/bench/peers/maxent-worker.ts',
    'agents-worker': 'src/bench/agents/agents-worker.ts',
    'pgm-worker': 'src/bench/pgm/pgm-worker.ts',
    'envs-worker': 'src/bench/envs/envs-worker.ts',
    'memory-worker': 'src/bench/memory/memory-worker.ts',
    'update-worker': 'src/bench/sac-update-since/update-worker.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Chunks' names change with their content; old ones must not stay. tsc writes types/.
  clean: ['!types'],
});
