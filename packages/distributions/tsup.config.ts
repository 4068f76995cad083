import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts' },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Clean dist, because chunk names change with their content and old ones must not be published. tsc writes types/.
  clean: ['!types'],
});
