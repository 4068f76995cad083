// `@maxent/core/wasm`: how all our packages load a WebAssembly file.
export { compileWasm, type WasmFile, type WasmSource } from './compile-wasm.js';
