import { defineConfig } from 'tsup';

export default defineConfig({
  // One script per idea.
  entry: ['src/vae.ts', 'src/lottery.ts'],
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Chunks' names change with their content; old ones must not stay. tsc writes types/.
  clean: ['!types'],
});
