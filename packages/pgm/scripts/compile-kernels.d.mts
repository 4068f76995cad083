/** assembly/ as WebAssembly. */
export function compileKernels(): Promise<Uint8Array>;
