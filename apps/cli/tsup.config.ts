import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    bin: 'src/bin.ts',
    index: 'src/index.ts',
    // The fuzzer of this program; not published.
    fuzz: 'src/fuzz/main.ts',
    'fuzz-child': 'src/fuzz/child.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Commands are chunks whose names change with their content; old ones must not be published. tsc writes types/.
  clean: ['!types'],
});
