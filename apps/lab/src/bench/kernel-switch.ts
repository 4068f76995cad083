import { type BackendReport, selectBackend } from '@maxent/backend';
import { InvalidStateError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';

/** `stock`: as tfjs-wasm ships them. `repaired`: as `selectBackend` leaves them. */
export type KernelSet = 'stock' | 'repaired';

/**
 * The kernels of the wasm backend before and after `selectBackend` has replaced some of them. Both sets work on the
 * same tensors, so that one process can measure a program on either.
 */
export class KernelSwitch {
  private current: KernelSet = 'repaired';

  private constructor(
    readonly report: BackendReport,
    private readonly sets: Readonly<Record<KernelSet, ReadonlyMap<string, tf.KernelConfig>>>,
  ) {}

  /**
   * Loads tfjs-wasm, records its kernels, and selects the backend. Throws InvalidStateError if the backend was already
   * in use: its kernels may have been replaced, and the stock ones lost.
   */
  static async open(): Promise<KernelSwitch> {
    if (tf.engine().registry.wasm !== undefined) {
      throw new InvalidStateError(
        'the wasm backend is already in use, and its stock kernels may be gone; run this benchmark in a process of its own',
      );
    }
    await import('@tensorflow/tfjs-backend-wasm');
    const stock = registeredKernels();
    const report = await selectBackend({ prefer: 'wasm' });
    if (report.name !== 'wasm')
      throw new InvalidStateError(`expected the wasm backend, got ${report.reason}`);
    return new KernelSwitch(report, { stock, repaired: registeredKernels() });
  }

  /** Names of the kernels that differ between the sets. */
  get replaced(): string[] {
    const { stock, repaired } = this.sets;
    return [...new Set([...stock.keys(), ...repaired.keys()])].filter(
      (name) => stock.get(name) !== repaired.get(name),
    );
  }

  /** Makes wasm the current backend, with these kernels. */
  async use(set: KernelSet): Promise<void> {
    await tf.setBackend('wasm');
    if (set === this.current) return;
    for (const name of this.replaced) {
      if (this.sets[this.current].has(name)) tf.unregisterKernel(name, 'wasm');
      const kernel = this.sets[set].get(name);
      if (kernel === undefined) continue;
      tf.registerKernel(kernel);
      // tfjs itself only sets up kernels that are registered while a backend starts.
      kernel.setupFunc?.(tf.backend());
    }
    this.current = set;
  }
}

function registeredKernels(): Map<string, tf.KernelConfig> {
  return new Map(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]));
}
