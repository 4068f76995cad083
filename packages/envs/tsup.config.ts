import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    draw: 'src/pictures/draw.ts',
    'node/index': 'src/node/index.ts',
    'node/worker': 'src/node/worker.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Clean dist, because chunk names change with their content and old ones must not be published. tsc writes types/.
  clean: ['!types'],
});
