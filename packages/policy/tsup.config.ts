import { defineConfig, type Options } from 'tsup';

const common: Options = { format: 'esm', target: 'es2022' };

export default defineConfig([
  {
    ...common,
    entry: {
      index: 'src/index.ts',
      'export/index': 'src/export/index.ts',
      'export/standalone-file': 'src/export/standalone-file.ts',
    },
    sourcemap: true,
    // Resolved through package.json#imports: sources make the runtime when it is asked for, a package has it as a file.
    external: ['#standalone'],
    // Chunk names change with their content; old ones must not be published. tsc writes types/.
    clean: ['!types', '!export/standalone.js'],
  },
  {
    ...common,
    // The whole runtime in one file, which `toJavaScript` copies.
    entry: { 'export/standalone': 'src/standalone.ts' },
    noExternal: [/.*/],
    splitting: false,
    minify: true,
  },
]);
