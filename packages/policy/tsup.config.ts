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
    // Resolved through package.json#imports: sources bundle the runtime when it is needed, a package ships it as a
    // file.
    external: ['#standalone'],
    // Clean dist, because chunk names change with their content and old ones must not be published. tsc writes types/.
    clean: ['!types', '!export/standalone.js'],
  },
  {
    ...common,
    // The complete runtime in one file, which `toJavaScript` copies.
    entry: { 'export/standalone': 'src/standalone.ts' },
    noExternal: [/.*/],
    splitting: false,
    minify: true,
  },
]);
