/** assembly/dense.ts as WebAssembly. */
export function compileKernel(): Promise<Uint8Array>;
