import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    bin: 'src/bin.ts',
    index: 'src/index.ts',
    // Started as processes of their own.
    'maxent-worker': 'src/peers/maxent-worker.ts',
    'agents-worker': 'src/agents/agents-worker.ts',
    'pgm-worker': 'src/pgm/pgm-worker.ts',
    'envs-worker': 'src/envs/envs-worker.ts',
    'memory-worker': 'src/memory/memory-worker.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Chunks' names change with their content; old ones must not stay. tsc writes types/.
  clean: ['!types'],
});
