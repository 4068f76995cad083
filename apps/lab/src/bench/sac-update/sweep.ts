import { type Contender, measureInterleaved } from '../interleave.js';
import type { KernelSwitch } from '../kernel-switch.js';
import { ours, stock, useBackend, useWasm } from './contenders.js';
import { type UpdateSizes, updateFlops } from './flop-count.js';
import type { Torch } from './torch.js';
import { benchmarkSizes } from './workload.js';

const BATCH_SIZES = [64, 256, 1024];
const WIDTHS = [64, 256, 1024];
const ROUNDS = 3;
const WARM_MILLISECONDS = 300;
/** Work of one measurement: many small updates or one large one. */
const GIGAFLOPS_PER_RUN = 3;
const MOST_UPDATES = 20;

/** Median milliseconds per update of two hidden layers of `width`, by contender. */
export interface SweepCell {
  readonly batchSize: number;
  readonly width: number;
  readonly milliseconds: Readonly<Record<string, number>>;
}

export interface SweepOptions {
  readonly kernels: KernelSwitch;
  readonly native: boolean;
  readonly torch: Torch | undefined;
  readonly progress?: ((line: string) => void) | undefined;
}

/** The contenders that are fast enough for it, over batch sizes and widths. */
export async function sweepSizes({ kernels, native, torch, progress }: SweepOptions): Promise<SweepCell[]> {
  const cells: SweepCell[] = [];
  for (const width of WIDTHS) {
    for (const batchSize of BATCH_SIZES) {
      const sizes: UpdateSizes = { ...benchmarkSizes, batchSize, hiddenSizes: [width, width] };
      const updates = Math.min(
        MOST_UPDATES,
        Math.max(1, Math.round(GIGAFLOPS_PER_RUN / (updateFlops(sizes) / 1e9))),
      );
      const common = { sizes, updates, warmMilliseconds: WARM_MILLISECONDS };
      const own = [await ours({ label: 'ours, wasm', use: useWasm(kernels, 'repaired'), ...common })];
      if (kernels.addon) {
        own.push(await ours({ label: 'ours, addon', use: useWasm(kernels, 'addon'), ...common }));
      }
      if (native) own.push(await ours({ label: 'ours, native', use: useBackend('native'), ...common }));
      const contenders: Contender[] = [...own];
      if (native) {
        const label = 'stock tfjs-node autodiff';
        contenders.push(await stock({ label, use: useBackend('native'), ...common }));
      }
      if (torch !== undefined) contenders.push(torch.contender({ label: 'PyTorch eager', ...common }));
      const rows = await measureInterleaved(contenders, { rounds: ROUNDS });
      for (const each of own) each.dispose();
      const milliseconds = Object.fromEntries(rows.map(({ label, median }) => [label, median]));
      progress?.(`batch ${batchSize}, width ${width}: ${describe(milliseconds)}`);
      cells.push({ batchSize, width, milliseconds });
    }
  }
  return cells;
}

/** For each width, the smallest batch from which on native is faster than wasm at every larger one, or null. */
export function crossover(cells: readonly SweepCell[]): { width: number; batchSize: number | null }[] {
  const widths = [...new Set(cells.map(({ width }) => width))];
  return widths.map((width) => {
    const column = cells.filter((cell) => cell.width === width).sort((a, b) => b.batchSize - a.batchSize);
    let batchSize: number | null = null;
    for (const cell of column) {
      const { 'ours, native': native, 'ours, wasm': wasm } = cell.milliseconds;
      if (native === undefined || wasm === undefined || native >= wasm) break;
      batchSize = cell.batchSize;
    }
    return { width, batchSize };
  });
}

export function describe(milliseconds: Readonly<Record<string, number>>): string {
  return Object.entries(milliseconds)
    .map(([label, value]) => `${label} ${value.toPrecision(3)} ms`)
    .join(', ');
}
