// `@maxent/core/wasm`: how all our packages load a WebAssembly file.
export { bytesOfHexadecimal } from './bytes-of-hexadecimal.js';
export { compileWasm, type WasmFile, type WasmSource } from './compile-wasm.js';
