import { writeFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { KERNEL_BYTES } from './src/kernels/kernel-bytes.js';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    kernels: 'src/kernels/index.ts',
    variational: 'src/variational/index.ts',
    'platform/browser': 'src/platform/browser.ts',
    'platform/node': 'src/platform/node.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Resolved by the consumer through package.json#imports: only Node has machine code.
  external: ['#platform'],
  // Chunk names change with their content; old ones must not be published. tsc writes types/.
  clean: ['!types'],
  async onSuccess() {
    // For runtimes that compile WebAssembly only from files.
    await writeFile('dist/kernels.wasm', Buffer.from(KERNEL_BYTES, 'hex'));
  },
});
