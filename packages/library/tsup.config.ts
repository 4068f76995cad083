import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    runs: 'src/runs.ts',
    'platform/browser': 'src/platform/browser.ts',
    'platform/node': 'src/platform/node.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Resolved by the consumer through package.json#imports: a browser has no directories.
  external: ['#platform'],
  // Chunk names change with their content; old ones must not be published. tsc writes types/.
  clean: ['!types'],
});
