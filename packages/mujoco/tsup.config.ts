import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defineConfig } from 'tsup';

const { resolve } = createRequire(import.meta.url);

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'node/index': 'src/node/index.ts',
    'render/index': 'src/render/index.ts',
    bindings: 'src/bindings.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Resolved by the consumer through package.json#imports: dist has its own copy of MuJoCo's bindings, the sources not.
  external: ['#bindings'],
  esbuildPlugins: [
    {
      name: 'bindings for every bundler',
      setup(build) {
        build.onLoad({ filter: /[\\/]@mujoco[\\/]mujoco[\\/]mujoco\.js$/ }, async ({ path }) => ({
          contents: withoutImport(await readFile(path, 'utf8')),
          loader: 'js',
        }));
      },
    },
  ],
  // Chunk names change with their content; old ones must not be published. tsc writes types/.
  clean: ['!types'],
  async onSuccess() {
    // Next to the bindings, which refer to it by a relative URL.
    await cp(resolve('@mujoco/mujoco/mujoco.wasm'), 'dist/mujoco.wasm');
  },
});

/** Bundlers for browsers fail at an import of a module of Node, although it is for Node alone. */
function withoutImport(text: string): string {
  const parts = text.split("await import('module')");
  if (parts.length !== 2) throw new Error("mujoco.js was expected to import 'module' once");
  return parts.join("process.getBuiltinModule('module')");
}
