// Matrices are packed into panels before they are multiplied, so that the inner loop reads memory in order.
// A panel holds `width` neighboring rows (of the left operand) or columns (of the right one), called its lanes.
// For each step k along the summed dimension it stores the `width` lane values side by side.
import { at } from './vector';

/**
 * Packs `lanes` x `depth` values into panels of `width` lanes (4, 6 or 8), padding the last one with zeros.
 * The source holds value (lane, k) at lane * depth + k, or at k * lanes + lane if `interleaved`.
 */
export function packPanels(source: usize, target: usize, lanes: i32, depth: i32, width: i32, interleaved: bool): void {
  const panelBytes = at(width * depth);
  for (let first = 0; first < lanes; first += width) {
    if (first + width > lanes) {
      packPartialPanel(source, target, first, lanes, depth, width, interleaved);
    } else if (interleaved) {
      copyPanel(source + at(first), target, at(lanes), depth, width);
    } else {
      transposePanel(source + at(first * depth), target, depth, width);
    }
    target += panelBytes;
  }
}

function packPartialPanel(
  source: usize, target: usize, first: i32, lanes: i32, depth: i32, width: i32, interleaved: bool,
): void {
  for (let k = 0; k < depth; k++) {
    for (let lane = first; lane < first + width; lane++) {
      const index = interleaved ? k * lanes + lane : lane * depth + k;
      store<f32>(target, lane < lanes ? load<f32>(source + at(index)) : 0);
      target += 4;
    }
  }
}

/** For lanes that already lie side by side, with `stride` bytes from one step to the next. */
function copyPanel(source: usize, target: usize, stride: usize, depth: i32, width: i32): void {
  if (width == 8) {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
      source += stride;
      target += 32;
    }
  } else if (width == 6) {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source));
      store<u64>(target, load<u64>(source, 16), 16);
      source += stride;
      target += 24;
    }
  } else {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(source));
      source += stride;
      target += 16;
    }
  }
}

/** For lanes that are each stored in one piece, `depth` values long. */
function transposePanel(source: usize, target: usize, depth: i32, width: i32): void {
  const stride = at(width);
  transposeFourLanes(source, target, depth, stride);
  if (width == 8) transposeFourLanes(source + at(4 * depth), target + 16, depth, stride);
  if (width == 6) transposeTwoLanes(source + at(4 * depth), target + 16, depth, stride);
}

function transposeFourLanes(source: usize, target: usize, depth: i32, stride: usize): void {
  let lane0 = source;
  let lane1 = lane0 + at(depth);
  let lane2 = lane1 + at(depth);
  let lane3 = lane2 + at(depth);
  let k = depth;
  for (; k >= 4; k -= 4) {
    const a = v128.load(lane0);
    const b = v128.load(lane1);
    const c = v128.load(lane2);
    const d = v128.load(lane3);
    const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd01 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const cd23 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<f32>(ab01, cd01, 0, 1, 4, 5));
    target += stride;
    v128.store(target, v128.shuffle<f32>(ab01, cd01, 2, 3, 6, 7));
    target += stride;
    v128.store(target, v128.shuffle<f32>(ab23, cd23, 0, 1, 4, 5));
    target += stride;
    v128.store(target, v128.shuffle<f32>(ab23, cd23, 2, 3, 6, 7));
    target += stride;
    lane0 += 16;
    lane1 += 16;
    lane2 += 16;
    lane3 += 16;
  }
  for (; k > 0; k--) {
    store<f32>(target, load<f32>(lane0));
    store<f32>(target, load<f32>(lane1), 4);
    store<f32>(target, load<f32>(lane2), 8);
    store<f32>(target, load<f32>(lane3), 12);
    target += stride;
    lane0 += 4;
    lane1 += 4;
    lane2 += 4;
    lane3 += 4;
  }
}

function transposeTwoLanes(source: usize, target: usize, depth: i32, stride: usize): void {
  let lane0 = source;
  let lane1 = lane0 + at(depth);
  let k = depth;
  for (; k >= 4; k -= 4) {
    const a = v128.load(lane0);
    const b = v128.load(lane1);
    const steps01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const steps23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    v128.store64_lane(target, steps01, 0);
    target += stride;
    v128.store64_lane(target, steps01, 1);
    target += stride;
    v128.store64_lane(target, steps23, 0);
    target += stride;
    v128.store64_lane(target, steps23, 1);
    target += stride;
    lane0 += 16;
    lane1 += 16;
  }
  for (; k > 0; k--) {
    store<f32>(target, load<f32>(lane0));
    store<f32>(target, load<f32>(lane1), 4);
    target += stride;
    lane0 += 4;
    lane1 += 4;
  }
}
