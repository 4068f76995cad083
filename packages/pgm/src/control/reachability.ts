import type { ControlProblem } from './control-options.js';

/** Which state-action rows lead to each state: rows[offsets[s']] .. rows[offsets[s' + 1] - 1] lead to s'. */
export interface Predecessors {
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
}

export function predecessorsOf({ mdp, rowOffsets, columns }: ControlProblem): Predecessors {
  const offsets = new Uint32Array(mdp.stateCount + 1);
  for (const column of columns) offsets[column + 1]!++;
  for (let state = 0; state < mdp.stateCount; state++) offsets[state + 1]! += offsets[state]!;
  const filled = offsets.slice();
  const rows = new Uint32Array(columns.length);
  for (let row = 0; row + 1 < rowOffsets.length; row++) {
    for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) rows[filled[columns[i]!]!++] = row;
  }
  return { offsets, rows };
}

/**
 * Returns 1 for rows that a non-terminal state can take without ever being left with only forbidden actions, [states,
 * actions]. For `exact` it is enough that some successor has such a row, because the posterior goes there; otherwise
 * every successor must.
 */
export function usableRows(problem: ControlProblem, predecessors: Predecessors): Uint8Array {
  const { mdp, inference, biasedReward, rowOffsets, terminalStates } = problem;
  const { stateCount, actionCount } = mdp;
  const usable = new Uint8Array(biasedReward.length);
  // How many more successors must be lost before the row is.
  const margin = new Uint32Array(biasedReward.length);
  const rowsLeft = new Uint32Array(stateCount);
  const lost: number[] = [];
  biasedReward.forEach((reward, row) => {
    if (reward === -Infinity) return;
    usable[row] = 1;
    margin[row] = inference === 'exact' ? rowOffsets[row + 1]! - rowOffsets[row]! : 1;
    rowsLeft[Math.floor(row / actionCount)]!++;
  });
  for (const state of terminalStates) {
    usable.fill(0, state * actionCount, (state + 1) * actionCount);
    rowsLeft[state] = actionCount;
  }
  rowsLeft.forEach((count, state) => {
    if (count === 0) lost.push(state);
  });
  for (let next = lost.pop(); next !== undefined; next = lost.pop()) {
    for (let i = predecessors.offsets[next]!; i < predecessors.offsets[next + 1]!; i++) {
      const row = predecessors.rows[i]!;
      if (usable[row] === 0 || --margin[row]! > 0) continue;
      usable[row] = 0;
      const state = Math.floor(row / actionCount);
      if (--rowsLeft[state]! === 0) lost.push(state);
    }
  }
  return usable;
}

/** Returns 1 for states from which usable rows lead to a state of `target` with positive probability, [states]. */
export function statesThatReach(
  { mdp }: ControlProblem,
  { offsets, rows }: Predecessors,
  usable: Uint8Array,
  target: Uint8Array,
): Uint8Array {
  const reached = target.slice();
  const queue: number[] = [];
  target.forEach((flag, state) => {
    if (flag === 1) queue.push(state);
  });
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (let i = offsets[next]!; i < offsets[next + 1]!; i++) {
      const state = Math.floor(rows[i]! / mdp.actionCount);
      if (usable[rows[i]!] === 0 || reached[state] === 1) continue;
      reached[state] = 1;
      queue.push(state);
    }
  }
  return reached;
}

/** Returns 1 for states from which some policy over usable rows reaches `target` with probability 1, [states]. */
export function statesThatSurelyReach(
  problem: ControlProblem,
  predecessors: Predecessors,
  usable: Uint8Array,
  target: Uint8Array,
): Uint8Array {
  const { rowOffsets, columns } = problem;
  const remaining = usable.slice();
  for (;;) {
    const reached = statesThatReach(problem, predecessors, remaining, target);
    let changed = false;
    for (let row = 0; row < remaining.length; row++) {
      if (remaining[row] === 0) continue;
      for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
        if (reached[columns[i]!] === 1) continue;
        remaining[row] = 0;
        changed = true;
        break;
      }
    }
    if (!changed) return reached;
  }
}

/**
 * Returns the strongly connected component of each state over the given rows, [states], and the number of components
 * (Tarjan 1972, without recursion).
 */
export function stronglyConnectedComponents(
  { mdp, rowOffsets, columns }: ControlProblem,
  rows: Uint8Array,
): { componentOf: Int32Array; count: number } {
  const { stateCount, actionCount } = mdp;
  const componentOf = new Int32Array(stateCount).fill(-1);
  const order = new Int32Array(stateCount).fill(-1);
  const low = new Int32Array(stateCount);
  /** The entry of `columns` that each state on the path looks at next. */
  const position = new Uint32Array(stateCount);
  const path: number[] = [];
  const open: number[] = [];
  let visited = 0;
  let count = 0;
  const enter = (state: number) => {
    order[state] = low[state] = visited++;
    position[state] = rowOffsets[state * actionCount]!;
    path.push(state);
    open.push(state);
  };
  for (let root = 0; root < stateCount; root++) {
    if (order[root] === -1) enter(root);
    while (path.length > 0) {
      const state = path[path.length - 1]!;
      const child = nextChild(state);
      if (child !== -1) {
        enter(child);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[state]!);
      if (low[state] !== order[state]) continue;
      for (let member = -1; member !== state; ) {
        member = open.pop()!;
        componentOf[member] = count;
      }
      count++;
    }
  }
  return { componentOf, count };

  /**
   * Returns a successor that has not been entered, or -1 if there is none left; on the way, `low` takes in those that
   * are still open.
   */
  function nextChild(state: number): number {
    for (let row = rowOfPosition(state); row < (state + 1) * actionCount; row++) {
      if (rows[row] === 0) {
        position[state] = rowOffsets[row + 1]!;
        continue;
      }
      for (; position[state]! < rowOffsets[row + 1]!; position[state]!++) {
        const next = columns[position[state]!]!;
        if (order[next] === -1) return next;
        if (componentOf[next] === -1) low[state] = Math.min(low[state]!, order[next]!);
      }
    }
    return -1;
  }

  function rowOfPosition(state: number): number {
    let row = state * actionCount;
    while (row < (state + 1) * actionCount && rowOffsets[row + 1]! <= position[state]!) row++;
    return row;
  }
}
