import type { FusedKernels } from '../kernels/fused-kernels.js';

/** Runs a kernel on arrays: copies them into backend memory, hands out addresses, and reads one back. */
export class KernelMemory {
  private readonly addresses: number[] = [];

  constructor(private readonly kernels: FusedKernels) {}

  put(values: Float32Array | Int32Array): number {
    const address = this.reserve(values.byteLength);
    const { buffer, byteOffset, byteLength } = values;
    new Uint8Array(this.buffer, address).set(new Uint8Array(buffer, byteOffset, byteLength));
    return address;
  }

  reserve(bytes: number): number {
    // Room for the block that follows would hide a write beyond the end, so a canary lies there.
    const address = this.kernels.backend.wasm._malloc(bytes + 4) >>> 0;
    new Uint8Array(this.buffer, address + bytes, 4).fill(0xa5);
    this.addresses.push(address);
    return address;
  }

  read(address: number, count: number): Float32Array {
    const canary = new Uint8Array(this.buffer, address + 4 * count, 4);
    if (canary.some((byte) => byte !== 0xa5)) throw new Error(`something was written behind ${count} values`);
    return new Float32Array(this.buffer, address, count).slice();
  }

  free(): void {
    for (const address of this.addresses) this.kernels.backend.wasm._free(address);
  }

  private get buffer(): ArrayBufferLike {
    return this.kernels.backend.wasm.HEAPU8.buffer;
  }
}
