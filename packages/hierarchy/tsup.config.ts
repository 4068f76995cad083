import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', 'node/index': 'src/node/index.ts' },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Chunk names change with their content; old ones must not be published. tsc writes types/.
  clean: ['!types'],
});
