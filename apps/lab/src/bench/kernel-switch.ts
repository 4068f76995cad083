import { type BackendReport, describeAddon } from '@maxent/backend';
import { InvalidStateError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { describeKernels } from '../machine.js';
import { useKernels } from './kernel-choices.js';

/**
 * `stock`: as tfjs-wasm ships them. `repaired`: as `selectBackend` leaves them, on the kernels in WebAssembly. `addon`:
 * the same on the kernels as machine code.
 */
export type KernelSet = 'stock' | 'repaired' | 'addon';

/**
 * The kernels of the wasm backend before and after `selectBackend` has replaced some of them, on one thread. All sets
 * work on the same tensors, so that one process can measure a program on each.
 */
export class KernelSwitch {
  private current: KernelSet = 'repaired';

  private constructor(
    /** With the kernels in WebAssembly. */
    readonly report: BackendReport,
    /** With the addon; absent without it. */
    readonly addon: BackendReport | undefined,
    private readonly stock: ReadonlyMap<string, tf.KernelConfig>,
    private readonly repaired: ReadonlyMap<string, tf.KernelConfig>,
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
    const addon = describeAddon().available ? await useKernels('addon') : undefined;
    const report = await useKernels('wasm');
    if (report.name !== 'wasm')
      throw new InvalidStateError(`expected the wasm backend, got ${report.reason}`);
    return new KernelSwitch(report, addon, stock, registeredKernels());
  }

  /** The sets that can be used here. */
  get sets(): readonly KernelSet[] {
    return ['stock', 'repaired', ...(this.addon === undefined ? [] : (['addon'] as const))];
  }

  /** Names of the kernels that are stock or repaired. */
  get replaced(): string[] {
    const { stock, repaired } = this;
    return [...new Set([...stock.keys(), ...repaired.keys()])].filter(
      (name) => stock.get(name) !== repaired.get(name),
    );
  }

  /** Makes wasm the current backend, with these kernels. */
  async use(set: KernelSet): Promise<void> {
    await tf.setBackend('wasm');
    if (set === this.current) return;
    if (this.registeredIn(set) !== this.registeredIn(this.current)) this.register(set);
    if (set !== 'stock') await useKernels(set === 'addon' ? 'addon' : 'wasm');
    this.current = set;
  }

  private registeredIn(set: KernelSet): ReadonlyMap<string, tf.KernelConfig> {
    return set === 'stock' ? this.stock : this.repaired;
  }

  private register(set: KernelSet): void {
    for (const name of this.replaced) {
      if (this.registeredIn(this.current).has(name)) tf.unregisterKernel(name, 'wasm');
      const kernel = this.registeredIn(set).get(name);
      if (kernel === undefined) continue;
      tf.registerKernel(kernel);
      // tfjs itself only sets up kernels that are registered while a backend starts.
      kernel.setupFunc?.(tf.backend());
    }
  }
}

function registeredKernels(): Map<string, tf.KernelConfig> {
  return new Map(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]));
}

/** What the notes say about the addon; the machine names the kernels in WebAssembly. */
export function addonNotes({ addon }: KernelSwitch): string[] {
  return [
    addon === undefined
      ? `the addon is absent: ${describeAddon().reason}`
      : `addon: ${describeKernels({ threads: 1, ...addon })}`,
  ];
}
