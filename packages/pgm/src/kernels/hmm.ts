import { FAINT, type ForwardMessages } from '../hmm/forward-messages.js';
import type { MarkovChain } from '../hmm/model.js';
import { PackedTransition } from '../hmm/transition-matrix.js';
import { type KernelInstance, Layout, type Place, type Workspace } from './instance.js';
import type { Kernels, Steps } from './registry.js';

/** Numbers of an array of one chunk of steps: few enough for the arrays of a chunk to stay in the second-level cache. */
const CHUNK_NUMBERS = 8192;
/** How many columns `multiply` of assembly/hmm.ts takes together. */
const PANEL = 8;

export function makeHmm(
  workspace: Workspace,
  fewestProducts: number,
): Pick<Kernels, 'hmmForward' | 'hmmBackward'> {
  /** The one dense matrix of all steps, if there is one and work enough. */
  const matrixFor = (chain: MarkovChain, messages: ForwardMessages): PackedTransition | null => {
    const { stateCount, slots } = messages;
    const matrix = chain.always;
    if (!(matrix instanceof PackedTransition)) return null;
    return slots * stateCount * stateCount < fewestProducts ? null : matrix;
  };
  return {
    hmmForward: (chain, messages) => {
      const matrix = matrixFor(chain, messages);
      return matrix === null ? null : forwardSteps(workspace, messages, matrix);
    },
    hmmBackward: (chain, messages, smoothed, first, counts) => {
      const matrix = matrixFor(chain, messages);
      return matrix === null ? null : backwardSteps(workspace, messages, matrix, smoothed, first, counts);
    },
  };
}

function forwardSteps(
  workspace: Workspace,
  messages: ForwardMessages,
  matrix: PackedTransition,
): Steps | null {
  const { stateCount, slots, predicted, filtered, logNormalizers, smallestFiltered } = messages;
  const chunk = chunkOf(messages);
  const layout = new Layout();
  const places = {
    packed: layout.floats(packedLength(stateCount)),
    x: layout.floats(paddedLength(stateCount)),
    likelihoods: layout.floats(chunk * stateCount),
    // The kernel computes states in pairs, and writes one more number than there are states if that is odd.
    predicted: layout.floats(chunk * stateCount + 1),
    filtered: layout.floats((chunk + 1) * stateCount),
    normalizers: layout.floats(chunk),
    smallest: layout.floats(chunk + 1),
  };
  const kernel = workspace.take(layout);
  if (kernel === null) return null;
  const { values, smallest } = matrix;
  pack(kernel, places.packed, stateCount, (to, from) => values[from * stateCount + to]!);
  kernel.floats(places.x, paddedLength(stateCount)).fill(0);
  const rows = (place: Place, count: number) => kernel.floats(place, count * stateCount);
  // Where steps need logarithms, chunks are short, because the rest of a chunk is copied in vain.
  let size = chunk;
  return (from) => {
    for (let t = from; ; ) {
      const count = Math.min(size, slots - t);
      if (count === 0) return t;
      rows(places.likelihoods, count).set(
        messages.logLikelihoods.subarray(t * stateCount, (t + count) * stateCount),
      );
      rows(places.filtered, 1).set(filtered.subarray((t - 1) * stateCount, t * stateCount));
      kernel.floats(places.smallest, 1)[0] = smallestFiltered[t - 1]!;
      const done = kernel.exports.hmmForward(
        stateCount,
        count,
        places.packed.address,
        places.x.address,
        places.likelihoods.address,
        places.predicted.address,
        places.filtered.address,
        places.normalizers.address,
        places.smallest.address,
        smallest,
      );
      predicted.set(rows(places.predicted, done), t * stateCount);
      filtered.set(rows(places.filtered, done + 1).subarray(stateCount), t * stateCount);
      logNormalizers.set(kernel.floats(places.normalizers, done), t);
      smallestFiltered.set(kernel.floats(places.smallest, done + 1).subarray(1), t);
      t += done;
      size = done === count ? Math.min(chunk, 2 * size) : 1;
      if (done < count) return t;
    }
  };
}

function backwardSteps(
  workspace: Workspace,
  messages: ForwardMessages,
  matrix: PackedTransition,
  smoothed: Float64Array,
  first: number,
  counts: Float64Array | undefined,
): Steps | null {
  const { stateCount, predicted, filtered, logPredicted, smallestFiltered } = messages;
  const chunk = chunkOf(messages);
  const entries = counts === undefined ? 0 : stateCount * stateCount;
  const layout = new Layout();
  const places = {
    packed: layout.floats(packedLength(stateCount)),
    x: layout.floats(paddedLength(stateCount)),
    product: layout.floats(stateCount + 1),
    predicted: layout.floats(chunk * stateCount),
    filtered: layout.floats(chunk * stateCount),
    smoothed: layout.floats((chunk + 1) * stateCount),
    transition: layout.floats(entries),
    counts: layout.floats(entries),
  };
  const kernel = workspace.take(layout);
  if (kernel === null) return null;
  const { values } = matrix;
  pack(kernel, places.packed, stateCount, (from, to) => values[from * stateCount + to]!);
  kernel.floats(places.x, paddedLength(stateCount)).fill(0);
  if (counts !== undefined) kernel.floats(places.transition, entries).set(values);
  const rows = (place: Place, count: number) => kernel.floats(place, count * stateCount);
  const plain = (t: number) => smallestFiltered[t]! >= FAINT && logPredicted[t + 1] === undefined;
  return (from) => {
    for (let t = from; ; ) {
      let count = 0;
      while (count < chunk && t - count >= first && plain(t - count)) count++;
      if (count === 0) return t;
      const low = t - count + 1;
      rows(places.predicted, count).set(
        predicted.subarray((low + 1) * stateCount, (low + 1 + count) * stateCount),
      );
      rows(places.filtered, count).set(filtered.subarray(low * stateCount, (low + count) * stateCount));
      rows(places.smoothed, count + 1).set(
        smoothed.subarray((t + 1) * stateCount, (t + 2) * stateCount),
        count * stateCount,
      );
      kernel.exports.hmmBackward(
        stateCount,
        count,
        places.packed.address,
        places.x.address,
        places.product.address,
        places.predicted.address,
        places.filtered.address,
        places.smoothed.address,
      );
      smoothed.set(rows(places.smoothed, count), low * stateCount);
      if (counts !== undefined) {
        kernel.floats(places.counts, entries).set(counts);
        kernel.exports.hmmPairs(
          stateCount,
          count,
          places.transition.address,
          places.x.address,
          places.predicted.address,
          places.filtered.address,
          places.smoothed.address,
          places.counts.address,
        );
        counts.set(kernel.floats(places.counts, entries));
      }
      t -= count;
    }
  };
}

function chunkOf({ stateCount, slots }: ForwardMessages): number {
  return Math.min(slots, Math.max(1, Math.floor(CHUNK_NUMBERS / stateCount)));
}

function paddedLength(stateCount: number): number {
  return Math.ceil(stateCount / PANEL) * PANEL;
}

function packedLength(stateCount: number): number {
  return paddedLength(stateCount) * 2 * Math.ceil(stateCount / 2);
}

/** Writes a square matrix as `multiply` of assembly/hmm.ts reads it. */
function pack(
  kernel: KernelInstance,
  place: Place,
  stateCount: number,
  entry: (row: number, column: number) => number,
): void {
  const packed = kernel.floats(place, packedLength(stateCount));
  const padded = paddedLength(stateCount);
  for (let first = 0, e = 0; first < padded; first += PANEL) {
    for (let row = 0; row < stateCount; row += 2) {
      for (let column = first; column < first + PANEL; column++, e += 2) {
        packed[e] = column < stateCount ? entry(row, column) : 0;
        packed[e + 1] = column < stateCount && row + 1 < stateCount ? entry(row + 1, column) : 0;
      }
    }
  }
}
