import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/** assembly/ as WebAssembly. @returns {Promise<Uint8Array>} */
export async function compileKernels() {
  let binary;
  const { error, stderr } = await asc.main(
    [
      join(packageDirectory, 'assembly/index.ts'),
      ...['--baseDir', '/', '--outFile', 'kernels.wasm', '--enable', 'simd'],
      // Arrays lie in a memory that src/kernels lays out, and the kernels allocate nothing.
      ...['--importMemory', '--runtime', 'stub', '-O3', '--noAssert', '--disableWarning', '112'],
    ],
    {
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') binary = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return binary;
}
