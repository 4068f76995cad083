import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'node/index': 'src/node/index.ts',
    'testing/index': 'src/testing/index.ts',
    'wasm/index': 'src/wasm/index.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Clean dist, because chunk names change with their content and old ones must not be published. tsc writes types/.
  clean: ['!types'],
});
