import { OutcomeRow, requireMemory, type TabularMdp } from '@maxent/core';
import { GrowingArray } from '../numerics/growing-array.js';
import type { BeliefModel, EmitOutcome } from './belief-model.js';

/** How long an agent acts in one task. */
export interface BayesAdaptiveHorizon {
  /** Number of episodes, each of which begins anew. */
  readonly episodes: number;
  /** Number of steps of an episode, unless a terminal state ends it earlier. */
  readonly steps: number;
}

/**
 * A process over the hyper-states that can be reached, the pairs of a state and a belief at each step. The last state is
 * terminal and follows the last step. Action 0 is the only one while an episode that has ended waits for the next.
 */
export interface BayesAdaptiveMdp extends TabularMdp {
  /** The hyper-states at step t are `stepOffsets[t]` to `stepOffsets[t + 1]` - 1, [episodes * steps + 1]. */
  readonly stepOffsets: Uint32Array;
  /** The task's state of each hyper-state, the tasks' `stateCount` where the episode has ended; [hyper-states]. */
  readonly taskStates: Uint32Array;
  /** The number of its belief, [hyper-states]. */
  readonly beliefIds: Uint32Array;
  /** The probabilities of the tasks, [beliefs, tasks], or alpha and beta of the arms, [beliefs, 2 arms]. */
  readonly beliefs: Float64Array;
}

/** The most memory that hyper-states, their beliefs and their transitions may take: 2 GiB. */
const MEMORY_LIMIT = 2 ** 31;
/**
 * What a hyper-state takes besides its transitions, in bytes: its place in an index, and its values while the process
 * is solved. It also keeps their number below 2^24, the most that a Map holds.
 */
const HYPER_STATE_BYTES = 128;
const ROW_BYTES = 12;
const ENTRY_BYTES = 20;

/**
 * Finds the hyper-states (state, belief) that can be reached, step by step, and writes them down as one process: state
 * is reset after every `steps` steps, belief is kept. After the last step comes a terminal state.
 *
 * Throws InvalidInputError, before the memory is taken, when they need more than `memoryLimit` bytes.
 */
export function reachHyperStates(
  model: BeliefModel,
  { episodes, steps }: BayesAdaptiveHorizon,
  memoryLimit: number = MEMORY_LIMIT,
): BayesAdaptiveMdp {
  const { actionCount, stateCount: ended, beliefs } = model;
  const horizon = episodes * steps;
  const taskStates = new GrowingArray(Uint32Array);
  const beliefIds = new GrowingArray(Uint32Array);
  const rowOffsets = new GrowingArray(Uint32Array);
  const columns = new GrowingArray(Uint32Array);
  const probs = new GrowingArray(Float64Array);
  const transitionReward = new GrowingArray(Float64Array);
  const reward = new GrowingArray(Float64Array);
  const row = new OutcomeRow();
  let index = new Map<number, number>();

  const numberOf = (state: number, belief: number): number => {
    const key = belief * (ended + 1) + state;
    let number = index.get(key);
    if (number === undefined) {
      number = taskStates.length;
      index.set(key, number);
      taskStates.push(state);
      beliefIds.push(belief);
    }
    return number;
  };
  const store = (): void => {
    let mean = 0;
    for (let i = 0; i < row.count; i++) {
      columns.push(row.next[i]!);
      probs.push(row.probs[i]!);
      transitionReward.push(row.rewards[i]!);
      mean += row.probs[i]! * row.rewards[i]!;
    }
    rowOffsets.push(columns.length);
    reward.push(mean);
  };
  const requireRoom = (t: number): void => {
    const bytes =
      taskStates.length * (HYPER_STATE_BYTES + actionCount * ROW_BYTES) +
      columns.length * ENTRY_BYTES +
      beliefs.size * (beliefs.width * 8 + HYPER_STATE_BYTES);
    if (bytes <= memoryLimit) return;
    requireMemory('steps', bytes, memoryLimit, {
      what: `the first ${t + 1} of ${horizon} steps, with ${taskStates.length} hyper-states,`,
      remedy: 'use fewer steps, episodes, tasks or arms',
    });
  };

  rowOffsets.push(0);
  model.begin(model.prior, (probability, _, state, belief) =>
    row.add(numberOf(state, belief), probability, 0),
  );
  const starts = { next: row.next.slice(0, row.count), probs: row.probs.slice(0, row.count) };
  const stepOffsets = new Uint32Array(horizon + 1);
  for (let t = 0; t < horizon; t++) {
    stepOffsets[t + 1] = taskStates.length;
    index = new Map();
    const follow = followerOf(model, numberOf, row, stepOffsets[t + 1]!, t, { steps, horizon });
    for (let number = stepOffsets[t]!; number < stepOffsets[t + 1]!; number++) {
      const [state, belief] = [taskStates.at(number), beliefIds.at(number)];
      for (let action = 0; action < actionCount; action++) {
        row.clear();
        if (state < ended) model.act(t % steps, state, belief, action, follow);
        // An episode that has ended waits for the next one; a choice of actions would add entropy.
        else follow(1, action === 0 ? 0 : -Infinity, ended, belief);
        store();
      }
      requireRoom(t);
    }
  }
  return finish();

  function finish(): BayesAdaptiveMdp {
    const end = taskStates.length;
    for (let action = 0; action < actionCount; action++) {
      row.clear();
      row.add(end, 1, 0);
      store();
    }
    const stateCount = end + 1;
    const initial = new Float64Array(stateCount);
    for (const [i, state] of starts.next.entries()) initial[state] = starts.probs[i]!;
    const terminal = new Uint8Array(stateCount);
    terminal[end] = 1;
    return {
      stateCount,
      actionCount,
      transition: {
        rowCount: stateCount * actionCount,
        columnCount: stateCount,
        rowOffsets: rowOffsets.toArray(),
        columns: columns.toArray(),
        values: probs.toArray(),
      },
      reward: reward.toArray(),
      transitionReward: transitionReward.toArray(),
      initial,
      terminal,
      stepOffsets,
      taskStates: taskStates.toArray(),
      beliefIds: beliefIds.toArray(),
      beliefs: beliefs.toArray(),
    };
  }
}

/** Adds what an outcome at step t leads to to `row`: a hyper-state, the start of the next episode, or the end. */
function followerOf(
  model: BeliefModel,
  numberOf: (state: number, belief: number) => number,
  row: OutcomeRow,
  end: number,
  t: number,
  { steps, horizon }: { readonly steps: number; readonly horizon: number },
): EmitOutcome {
  if (t + 1 === horizon) return (probability, reward) => row.add(end, probability, reward);
  if ((t + 1) % steps !== 0) {
    return (probability, reward, state, belief) => row.add(numberOf(state, belief), probability, reward);
  }
  return (probability, reward, _, belief) =>
    model.begin(belief, (share, __, state, next) =>
      row.add(numberOf(state, next), probability * share, reward),
    );
}
