import type { WasmBackend } from './wasm-backend.js';

/** A block of the backend's memory for intermediate values, enlarged when more is asked for. */
export class Scratch {
  #address = 0;
  #bytes = 0;

  constructor(private readonly backend: WasmBackend) {}

  /** The address of at least `bytes` bytes; what an earlier call returned is no longer valid. */
  reserve(bytes: number): number {
    if (bytes > this.#bytes) {
      if (this.#address !== 0) this.backend.wasm._free(this.#address);
      // Addresses above 2 GiB come back as negative numbers.
      this.#address = this.backend.wasm._malloc(bytes) >>> 0;
      this.#bytes = bytes;
    }
    return this.#address;
  }
}
