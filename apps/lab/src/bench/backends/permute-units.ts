import type { NumericArray, Rng, ShapedArray, Snapshot } from '@maxent/core';

type Arrays = Snapshot['arrays'];

/** For each network (and member) and each hidden layer, the old index of each new unit. */
export type UnitPermutations = ReadonlyMap<string, readonly (readonly number[])[]>;

const layerName = /^(.*)layer\.(\d+)\.(weight|bias)$/;

/** Targets follow the critics' weights one by one, so their units are in the critics' order. */
function orderedLike(prefix: string): string {
  return prefix.replace(/^targetCritics\//, 'critics/');
}

/** Random orders of the hidden units of every network with arrays named `<prefix>layer.<l>.weight` and `.bias`. */
export function drawPermutations(arrays: Arrays, rng: Rng): UnitPermutations {
  const permutations = new Map<string, number[][]>();
  for (const [name, { shape }] of Object.entries(arrays)) {
    const match = layerName.exec(name);
    if (match?.[3] !== 'bias' || orderedLike(match[1]!) !== match[1]) continue;
    const [, prefix, layer] = match as unknown as [string, string, string];
    const orders = permutations.get(prefix) ?? [];
    permutations.set(prefix, orders);
    const order = Array.from({ length: shape[0]! }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(rng.uniform() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    orders[Number(layer)] = order;
  }
  // Each unit of the output layer has its own meaning, so they keep their order.
  for (const orders of permutations.values()) orders.pop();
  return permutations;
}

/**
 * The arrays with hidden units in another order: the networks compute the same functions but add in another order.
 * Other arrays are passed on.
 */
export function permuteUnits(arrays: Arrays, permutations: UnitPermutations): Arrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]): [string, ShapedArray] => {
      const match = layerName.exec(name);
      const orders = match === null ? undefined : permutations.get(orderedLike(match[1]!));
      if (match === null || orders === undefined) return [name, array];
      const layer = Number(match[2]);
      const outputs = orders[layer];
      if (match[3] === 'bias') return [name, permuteMatrix(array, [0], outputs, 1)];
      return [
        name,
        permuteMatrix(array, layer === 0 ? undefined : orders[layer - 1], outputs, array.shape[0]!),
      ];
    }),
  );
}

/** Rows and columns of a matrix (a bias is one row) in another order; undefined leaves them. */
function permuteMatrix(
  { shape, data }: ShapedArray,
  rows: readonly number[] | undefined,
  columns: readonly number[] | undefined,
  rowCount: number,
): ShapedArray {
  const width = data.length / rowCount;
  const permuted = data.slice() as Exclude<NumericArray, BigInt64Array>;
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < width; column++) {
      permuted[row * width + column] = Number(
        data[(rows?.[row] ?? row) * width + (columns?.[column] ?? column)]!,
      );
    }
  }
  return { shape, data: permuted };
}
