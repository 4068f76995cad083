import { LOGARITHMS, RECIPROCALS } from '../numerics/log-sum-exp-rows.js';
import { LEAST_EXPONENT, POWERS } from '../numerics/table-exp.js';
import type { AddonKernels } from './kernel-addon.js';

type Address = number;
type Flag = 0 | 1;

/** What assembly/index.ts exports; each function is described there. */
export interface KernelExports {
  readonly CONSTANTS: WebAssembly.Global;
  readonly POWERS: WebAssembly.Global;
  readonly RECIPROCALS: WebAssembly.Global;
  readonly LOGARITHMS: WebAssembly.Global;
  readonly TABLES_END: WebAssembly.Global;
  largest(values: Address, count: number): number;
  weigh(values: Address, count: number, maximum: number, inverse: number): void;
  sweep(
    exact: Flag,
    hard: Flag,
    states: number,
    actions: number,
    kinds: Address,
    offsets: Address,
    runs: Address,
    patterns: Address,
    columns: Address,
    probs: Address,
    rewards: Address,
    out: Address,
    terms: Address,
    block: number,
    stride: number,
    discount: number,
    temperature: number,
    shift: number,
    maximum: number,
    end: number,
  ): void;
  hmmForward(
    states: number,
    steps: number,
    packed: Address,
    x: Address,
    likelihoods: Address,
    predicted: Address,
    filtered: Address,
    normalizers: Address,
    smallest: Address,
    leastTransition: number,
  ): number;
  hmmBackward(
    states: number,
    steps: number,
    packed: Address,
    x: Address,
    product: Address,
    predicted: Address,
    filtered: Address,
    smoothed: Address,
  ): void;
  hmmPairs(
    states: number,
    steps: number,
    transition: Address,
    x: Address,
    predicted: Address,
    filtered: Address,
    smoothed: Address,
    counts: Address,
  ): void;
  kalmanFilter(
    table: Address,
    steps: number,
    predictFirst: Flag,
    n: number,
    count: number,
    inputCount: number,
    base: number,
    keep: Flag,
  ): void;
}

/** In the order of assembly/tables.ts. */
const CONSTANTS = Float64Array.of(
  ...[1, 1 / 2, 64 / Math.LN2, Math.LN2 / 64, 2 ** 52, 128],
  ...[1 / 6, 1 / 24, 1 / 120],
  ...[-1 / 2, 1 / 3, -1 / 4, 1 / 5, -1 / 6],
  ...[Math.LN2, 2 ** 52 + 1023, LEAST_EXPONENT, 2 ** 49],
);

const PAGE = 65_536;
/** All that 32-bit addresses reach. */
const MOST_PAGES = 65_536;
/** Memory up to this size is kept for the next call; what needs more gets a memory of its own, which is then freed. */
const KEPT_BYTES = 4 * 2 ** 20;

/** The start of an array in a kernel's memory. */
export interface Place {
  readonly address: Address;
}

/** Where the arrays of one piece of work lie, one after the other. */
export class Layout {
  /** Bytes used so far. */
  bytes = 0;
  private readonly places: { offset: number; place: { address: Address } }[] = [];

  floats(count: number): Place {
    return this.add(8 * count);
  }

  integers(count: number): Place {
    return this.add(4 * count);
  }

  private add(bytes: number): Place {
    const place = { address: 0 };
    this.places.push({ offset: this.bytes, place });
    this.bytes += Math.ceil(bytes / 16) * 16;
    return place;
  }

  /** Sets the addresses. */
  settle(start: Address): void {
    for (const { offset, place } of this.places) place.address = start + offset;
  }
}

/** The kernels before they have a memory. */
export interface KernelCode {
  readonly module: WebAssembly.Module;
  /** Those of the addon on a memory, if there is one. */
  readonly attach?: ((memory: WebAssembly.Memory) => AddonKernels) | undefined;
}

/** The compiled kernels with a memory. */
export class KernelInstance {
  private constructor(
    readonly exports: KernelExports,
    /** The same functions as machine code, where there is any. */
    readonly fastest: AddonKernels,
    private readonly memory: WebAssembly.Memory,
  ) {
    const tables = { CONSTANTS, POWERS: POWERS.subarray(0, 64), RECIPROCALS, LOGARITHMS };
    for (const [name, table] of Object.entries(tables)) {
      this.floats({ address: exports[name as keyof typeof tables].value as number }, table.length).set(table);
    }
  }

  /** Returns null if there is not enough memory, or if it is more than addresses reach. */
  static make(
    { module, attach }: KernelCode,
    layout: Layout,
    exactValue: (state: number) => number = () => Number.NaN,
  ): KernelInstance | null {
    // The tables take less than a page, and at least two are needed: see INDEX_BYTES of assembly/tables.ts.
    const pages = 1 + Math.max(1, Math.ceil(layout.bytes / PAGE));
    if (pages > MOST_PAGES) return null;
    try {
      const memory = new WebAssembly.Memory({ initial: pages });
      const env = { memory, exp: Math.exp, log: Math.log, exactValue };
      const instance = new WebAssembly.Instance(module, { env });
      const exports = instance.exports as unknown as KernelExports;
      const made = new KernelInstance(exports, attach?.(memory) ?? exports, memory);
      made.settle(layout);
      return made;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  settle(layout: Layout): void {
    layout.settle(this.exports.TABLES_END.value as number);
  }

  /** Bytes that a layout may take. */
  get room(): number {
    return this.memory.buffer.byteLength - PAGE;
  }

  floats({ address }: Place, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count);
  }

  integers({ address }: Place, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  bytes({ address }: Place, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, count);
  }
}

/** Gives an instance for the time of one call; small ones are used again. */
export class Workspace {
  private kept: KernelInstance | null = null;

  constructor(private readonly code: KernelCode) {}

  /** Sets the addresses of the layout. Returns null if there is not enough memory. */
  take(layout: Layout): KernelInstance | null {
    if (this.kept !== null && layout.bytes <= this.kept.room) {
      this.kept.settle(layout);
      return this.kept;
    }
    const made = KernelInstance.make(this.code, layout);
    if (layout.bytes <= KEPT_BYTES) this.kept = made;
    return made;
  }
}
