import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/** assembly/dense.ts as WebAssembly. @returns {Promise<Uint8Array>} */
export async function compileKernel() {
  let binary;
  const { error, stderr } = await asc.main(
    [
      join(packageDirectory, 'assembly/dense.ts'),
      ...['--baseDir', '/', '--outFile', 'kernel.wasm', '--enable', 'simd'],
      // Weights and activations lie in a memory of the policy's own, and the kernel allocates nothing.
      ...['--importMemory', '--runtime', 'stub', '-O3', '--noAssert', '--disableWarning', '112'],
    ],
    {
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm') binary = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return binary;
}
