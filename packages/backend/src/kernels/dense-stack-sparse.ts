import type * as tf from '@tensorflow/tfjs-core';
import { type CallAddresses, type ColumnRange, DenseStackCall } from './dense-stack-call.js';
import type { FusedKernels } from './fused-kernels.js';
import type { PickedRows } from './layer-normalizations.js';

/** Above this share of rows with a gradient, picking them out costs more than it saves. */
const LARGEST_SHARE = 0.75;

/** Hands out pieces of one block of memory. */
class Pieces {
  constructor(private next: number) {}

  take(bytes: number): number {
    const address = this.next;
    this.next += bytes;
    return address;
  }
}

/**
 * The gradient in x, computed only from the rows whose output has a gradient. The minimum over an ensemble, as in the
 * actor's loss of soft actor-critic, sends each row's gradient to one member only.
 *
 * @returns false, without doing anything, if most rows have a gradient.
 */
export function sparseInputGradient(
  kernels: FusedKernels,
  call: DenseStackCall,
  range: ColumnRange,
  from: Omit<CallAddresses, 'x'>,
  gradient: tf.Tensor,
): boolean {
  const { run } = kernels;
  const { batch, members, spec, sharedInput } = call;
  const { sizes } = spec;
  const outputs = sizes.at(-1)!;
  const outputBytes = 4 * batch * outputs;
  const keptBytes = call.keptBytes / members;
  const inputBytes = 4 * batch * range.columns;
  const numberBytes = 4 * members * batch;
  const block = kernels.deltas.reserve(
    numberBytes + keptBytes + 2 * outputBytes + inputBytes + call.deltaBytes,
  );
  kernels.deltaOwner = undefined;
  const pieces = new Pieces(block);

  const numbers: PickedRows[] = [];
  let total = 0;
  for (let member = 0; member < members; member++) {
    const address = pieces.take(4 * batch);
    const count = run.nonzeroRows(call.part(from.dy, member, outputs), address, batch, outputs);
    numbers.push({ address, count });
    total += count;
  }
  if (total > LARGEST_SHARE * members * batch) return false;

  const hidden = pieces.take(keptBytes);
  const y = pieces.take(outputBytes);
  const dy = pieces.take(outputBytes);
  const dx = pieces.take(inputBytes);
  const deltas = pieces.take(call.deltaBytes);
  const scratch = kernels.scratch.reserve(call.scratchBytes);
  const target = kernels.address(gradient);
  kernels.backend.wasm.HEAPU8.fill(0, target, target + 4 * gradient.size);
  for (const [member, rows] of numbers.entries()) {
    const { address, count } = rows;
    // The rows picked out form a batch for a single network.
    const picked = new DenseStackCall(kernels, { ...spec, members: undefined }, count, true);
    const parameters = from.parameters + member * call.memberBytes;
    for (let layer = 1; layer < call.layers; layer++) {
      const values = call.layerInput(layer, member, 0, from.hidden);
      run.gatherRows(values, address, picked.layerInput(layer, 0, 0, hidden), count, sizes[layer]!);
      call.normalizations?.pick(
        layer - 1,
        member,
        rows,
        from.hidden + call.hiddenBytes,
        picked.normalizations!,
        hidden + picked.hiddenBytes,
      );
    }
    if (from.y !== 0) run.gatherRows(call.part(from.y, member, outputs), address, y, count, outputs);
    run.gatherRows(call.part(from.dy, member, outputs), address, dy, count, outputs);
    const outputDelta = picked.backward(parameters, hidden, y, dy, deltas, scratch);
    picked.inputGradient(range, parameters, outputDelta, deltas, dx, scratch);
    const part = sharedInput ? target : call.part(target, member, range.columns);
    run.addToRows(dx, address, part, count, range.columns);
  }
  return true;
}
