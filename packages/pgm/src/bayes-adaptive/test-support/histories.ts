import { denseOf, type TabularMdp } from '@maxent/core';
import type { BayesAdaptiveOptions } from '../bayes-adaptive-mdp.js';
import type { TaskMixture } from '../task-prior.js';

/** What one history has led to: p(history, task) for each task, and the state; null when the episode has ended. */
interface Node {
  readonly joint: readonly number[];
  readonly state: number | null;
}

/** The branches of a node: what is observed next, with its reward. */
type Branch = Node & { readonly reward: number };

/**
 * The value of an unknown task by going through all histories, without beliefs and without merging any two: max over
 * actions, or the soft maximum at a temperature above 0.
 */
export function valueOfHistories(
  { tasks, prior }: Required<TaskMixture>,
  { episodes = 1, steps }: BayesAdaptiveOptions,
  temperature = 0,
): number {
  const { stateCount, actionCount } = tasks[0]!;
  const dense = tasks.map(({ transition }) => denseOf(transition));
  const weightOf = ({ joint }: Node): number => joint.reduce((sum, value) => sum + value, 0);

  const mean = (node: Node, branches: readonly Branch[], value: (next: Branch) => number): number => {
    const total = weightOf(node);
    return branches.reduce((sum, next) => sum + (weightOf(next) / total) * (next.reward + value(next)), 0);
  };
  const starts = (node: Node): Branch[] =>
    branchesOf(node, (task, k) => [...task.initial].map((p, s) => ({ p, s, r: 0, k })));
  const branchesOf = (
    { joint }: Node,
    outcomes: (task: TabularMdp, k: number) => { p: number; s: number; r: number; k: number }[],
  ): Branch[] => {
    const seen = new Map<string, { joint: number[]; state: number | null; reward: number }>();
    for (const { p, s, r, k } of tasks.flatMap(outcomes)) {
      if (p * joint[k]! === 0) continue;
      const ends = tasks[k]!.terminal[s] === 1;
      const key = `${s},${r},${ends}`;
      const branch = seen.get(key) ?? { joint: tasks.map(() => 0), state: ends ? null : s, reward: r };
      branch.joint[k]! += p * joint[k]!;
      seen.set(key, branch);
    }
    return [...seen.values()];
  };
  const act = (state: number, action: number) => (task: TabularMdp, k: number) => {
    const row = state * actionCount + action;
    return Array.from({ length: stateCount }, (_, s) => ({
      p: dense[k]![row * stateCount + s]!,
      s,
      r: task.reward[row]!,
      k,
    }));
  };
  const valueAt = (node: Node, t: number): number => {
    if (t === episodes * steps) return 0;
    const { state } = node;
    const after = (next: Node): number =>
      (t + 1) % steps === 0 && t + 1 < episodes * steps
        ? mean({ ...next }, starts(next), (start) => valueAt(start, t + 1))
        : valueAt(next, t + 1);
    if (state === null) return after(node);
    const Q = Array.from({ length: actionCount }, (_, action) =>
      mean(node, branchesOf(node, act(state, action)), after),
    );
    const top = Math.max(...Q);
    if (temperature === 0) return top;
    return top + temperature * Math.log(Q.reduce((sum, q) => sum + Math.exp((q - top) / temperature), 0));
  };
  const root: Node = { joint: [...prior], state: null };
  return mean(root, starts(root), (start) => valueAt(start, 0));
}
