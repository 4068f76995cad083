/**
 * Stein variational gradient descent (Liu and Wang 2016, arXiv 1608.04471) with the kernel k(x, y) = exp(-|x - y|^2 /
 * h), as soft Q-learning uses it (Haarnoja et al. 2017, arXiv 1702.08165, equation 13): some particles stay fixed and
 * tell the others where to move.
 */

/** Smallest bandwidth h: it would be 0 for particles that coincide. */
const SMALLEST_BANDWIDTH = 1e-3;

export interface SteinParticles {
  /** x_1 .. x_n of each state, [states, n, d] row-major; n at least 2. */
  readonly fixed: Float32Array;
  /** grad log p at each of them, [states, n, d]. */
  readonly scores: Float32Array;
  /** y_1 .. y_m of each state, [states, m, d]. */
  readonly updated: Float32Array;
  readonly fixedCount: number;
  readonly updatedCount: number;
  /** d */
  readonly size: number;
}

/**
 * Writes the directions in which the updated particles should move to `out`, [states, m, d]:
 *
 *   direction(y) = mean_j k(x_j, y) grad log p(x_j) + grad_{x_j} k(x_j, y).
 *
 * The first term pulls y to where its neighbors see more density. The second, the gradient with respect to the fixed
 * particle, points from x_j to y: it drives particles apart. Each state has its own bandwidth.
 *
 * @returns the mean bandwidth.
 */
export function steinDirections(particles: SteinParticles, out: Float32Array): number {
  const { fixed, scores, updated, fixedCount, updatedCount, size } = particles;
  const distances = new Float64Array(fixedCount * updatedCount);
  const states = fixed.length / (fixedCount * size);
  let bandwidths = 0;
  for (let state = 0; state < states; state++) {
    const firstFixed = state * fixedCount * size;
    const firstUpdated = state * updatedCount * size;
    squaredDistances(particles, firstFixed, firstUpdated, distances);
    const bandwidth = medianBandwidth(distances, fixedCount);
    bandwidths += bandwidth;
    for (let i = 0; i < updatedCount; i++) {
      const y = firstUpdated + i * size;
      out.fill(0, y, y + size);
      for (let j = 0; j < fixedCount; j++) {
        const x = firstFixed + j * size;
        const kernel = Math.exp(-distances[i * fixedCount + j]! / bandwidth);
        for (let k = 0; k < size; k++) {
          const repulsion = (2 / bandwidth) * (updated[y + k]! - fixed[x + k]!);
          out[y + k]! += (kernel / fixedCount) * (scores[x + k]! + repulsion);
        }
      }
    }
  }
  return bandwidths / states;
}

/**
 * h = median / log n, with which the kernels of n particles sum to about 1 at a typical distance; at least 1e-3.
 *
 * @param squaredDistances between the n fixed and the updated particles; not changed.
 */
export function medianBandwidth(squaredDistances: Float64Array, fixedCount: number): number {
  const sorted = squaredDistances.slice().sort();
  const upper = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
  return Math.max(median / Math.log(fixedCount), SMALLEST_BANDWIDTH);
}

/** |x_j - y_i|^2 of one state, [m, n]. */
function squaredDistances(
  { fixed, updated, fixedCount, updatedCount, size }: SteinParticles,
  firstFixed: number,
  firstUpdated: number,
  out: Float64Array,
): void {
  for (let i = 0; i < updatedCount; i++) {
    for (let j = 0; j < fixedCount; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) {
        sum += (updated[firstUpdated + i * size + k]! - fixed[firstFixed + j * size + k]!) ** 2;
      }
      out[i * fixedCount + j] = sum;
    }
  }
}
