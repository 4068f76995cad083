import { cp, mkdir } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'test-backends': 'src/test-backends.ts',
    'platform/browser': 'src/platform/browser.ts',
    'platform/node': 'src/platform/node.ts',
    'platform/lend-nothing': 'src/platform/lend-nothing.ts',
    'platform/lend-require': 'src/platform/lend-require.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Resolved by the consumer through package.json#imports: the browser and Node load the backends differently.
  external: ['#platform', '#lend-require'],
  async onSuccess() {
    // The binary lies next to the code, as in src, because src/platform/browser.ts refers to it by a relative URL.
    await mkdir('dist/kernels/generated', { recursive: true });
    for (const name of ['tfjs-backend-wasm-simd', 'kernels-simd128', 'kernels-relaxed-simd']) {
      const file = `kernels/generated/${name}.wasm`;
      await cp(`src/${file}`, `dist/${file}`);
    }
  },
});
