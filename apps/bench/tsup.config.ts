import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { bin: 'src/bin.ts', index: 'src/index.ts', 'maxent-worker': 'src/peers/maxent-worker.ts' },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
});
