import type { WasmBackend } from './wasm-backend.js';

/** A block of the backend's memory for intermediate values, which grows when needed. */
export class Scratch {
  #address = 0;
  #bytes = 0;

  constructor(private readonly backend: WasmBackend) {}

  /** Returns the address of at least `bytes` bytes. Addresses from earlier calls are no longer valid. */
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
