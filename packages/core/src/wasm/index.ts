// `@maxent/core/wasm`: how every package of ours gets at a WebAssembly file.
export { compileWasm, type WasmFile, type WasmSource } from './compile-wasm.js';
