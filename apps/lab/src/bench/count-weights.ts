/** Weights of a network of these widths, in all layers and in the first: its multiply-adds per row, forward. */
export function countWeights(widths: readonly number[]): { all: number; first: number } {
  const layers = widths.slice(1).map((width, i) => width * widths[i]!);
  return { all: layers.reduce((sum, count) => sum + count, 0), first: layers[0]! };
}
