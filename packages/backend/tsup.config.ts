import { cp, mkdir } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'test-backends': 'src/test-backends.ts',
    'platform/browser': 'src/platform/browser.ts',
    'platform/node': 'src/platform/node.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Resolved by the consumer through package.json#imports: the browser and Node load the backends differently.
  external: ['#platform'],
  async onSuccess() {
    // Lies beside the code as in src, because src/platform/browser.ts refers to it by a relative URL.
    const wasm = 'kernels/generated/tfjs-backend-wasm-simd.wasm';
    await mkdir('dist/kernels/generated', { recursive: true });
    await cp(`src/${wasm}`, `dist/${wasm}`);
  },
});
