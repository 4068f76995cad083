import { medianOf, type Part, type Setting } from './part.js';
import { type Comparison, ownLabel, sideBySide } from './side-by-side.js';
import { Side } from './sides.js';

const SIDE = 1000;
const ACTIONS = 4;
/** 96 MB an array: larger than any cache. */
const COPIED_NUMBERS = 12_000_000;
const MEMORY_LIMIT_MEBIBYTES = 2048;

const comparison: Comparison = {
  label: 'sweep',
  problem: 'grid',
  size: SIDE,
  work: 'sweep',
  count: 3,
  peers: [
    {
      peer: 'scipy',
      works: [
        {
          work: 'scipy',
          label: 'scipy.sparse and logsumexp',
          name: 'scipySweep',
          atLeast: 1.2,
          agreement: 1e-9,
        },
        {
          work: 'numpy',
          label: 'numpy in place',
          name: 'numpyInPlaceSweep',
          atLeast: 1,
          agreement: 1e-9,
        },
      ],
    },
  ],
};

/** Soft value iteration on a gridworld with a million states, next to WebAssembly's and the memory's speed. */
export async function sweeps(setting: Setting): Promise<Part> {
  const memory = Side.ours(setting.core, 'memory', 'plain');
  const wasm = Side.ours(setting.core, comparison.problem, 'wasm');
  try {
    await wasm.make(comparison.size);
    const { copiedBytes, triadBytes } = await memory.make(COPIED_NUMBERS);
    const works = [
      { label: 'memory: copy', work: 'copy', bytes: copiedBytes! },
      { label: 'memory: triad', work: 'triad', bytes: triadBytes! },
    ];
    const wasmLabel = `${ownLabel(comparison)}, WebAssembly`;
    const part = await sideBySide(setting, comparison, [
      wasm.contender(wasmLabel, comparison.work, comparison.count),
      ...works.map(({ label, work }) => memory.contender(label, work, 3)),
    ]);
    part.ratios.wasmSweepOverOurs =
      medianOf(part.rows, wasmLabel) / medianOf(part.rows, ownLabel(comparison));
    const speed = (label: string, bytes: number) => bytes / 1e6 / medianOf(part.rows, label);
    const own = speed(ownLabel(comparison), bytesOfSweep());
    const machine = Math.max(...works.map(({ label, bytes }) => speed(label, bytes)));
    part.rows.push(
      { label: 'sweep: maxent, bytes of the process', median: own, unit: 'GB/s', runs: [own] },
      { label: 'memory: best of copy and triad', median: machine, unit: 'GB/s', runs: [machine] },
    );
    part.ratios.sweepBytesOverMemory = own / machine;
    part.checks.push({
      name: 'MiB of the process that sweeps',
      value: medianOf(part.rows, `${ownLabel(comparison)}, largest memory`),
      limit: MEMORY_LIMIT_MEBIBYTES,
      must: 'be at most',
    });
    return part;
  } finally {
    await Promise.all([memory.close(), wasm.close()]);
  }
}

/**
 * The bytes of the process that a sweep covers: for each transition a probability and a column, for each state and action
 * a row offset and a reward, for each state a value before and after. Our kernel reads fewer, as it stores only once what
 * many states have in common.
 */
function bytesOfSweep(): number {
  const states = SIDE * SIDE;
  return states * (ACTIONS * (3 * (8 + 4) + 4 + 8) + 8 + 8);
}
