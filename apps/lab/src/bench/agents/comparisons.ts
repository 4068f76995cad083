import type { WorkloadName } from './workloads.js';

/** A counterpart of one of our agents: an argument of `peers/agents_worker.py`, and its names in the answer. */
export interface Counterpart {
  readonly peer: 'stable-baselines3' | 'pytorch' | 'python';
  readonly label: string;
  /** End of the names of ratios. */
  readonly name: string;
  /**
   * How far the means of its metrics may be from ours, relative for numbers above 1; absent if it starts from weights
   * of its own.
   */
  readonly agreement?: number;
}

export interface Comparison {
  readonly workload: WorkloadName;
  readonly label: string;
  /** Start of the names of ratios. */
  readonly name: string;
  /** Whether the agent is a table, which runs no kernels. */
  readonly table?: boolean;
  readonly counterparts: readonly Counterpart[];
}

const stableBaselines: Counterpart = {
  peer: 'stable-baselines3',
  label: 'Stable-Baselines3',
  name: 'Sb3',
};

/** Same weights and replay, other minibatches and noise: the means of 200 updates lie within a few percent. */
const reference = (label: string): Counterpart => ({
  peer: 'pytorch',
  label: `PyTorch, ${label}`,
  name: 'Reference',
  agreement: 0.05,
});

const loop: Counterpart = { peer: 'python', label: 'Python loop', name: 'Python', agreement: 1e-9 };

export const comparisons: readonly Comparison[] = [
  { workload: 'sac', label: 'sac', name: 'sac', counterparts: [stableBaselines] },
  {
    workload: 'sac-first-version',
    label: 'sac, first version',
    name: 'sacFirstVersion',
    counterparts: [reference('arXiv 1801.01290')],
  },
  {
    workload: 'crossq',
    label: 'crossq, critics of 256',
    name: 'crossq',
    counterparts: [reference('arXiv 1902.05605')],
  },
  {
    workload: 'crossq-wide',
    label: 'crossq, critics of 512',
    name: 'crossqWide',
    counterparts: [reference('arXiv 1902.05605')],
  },
  { workload: 'sql', label: 'sql', name: 'sql', counterparts: [reference('arXiv 1702.08165')] },
  {
    workload: 'sql-policy-proposals',
    label: 'sql, proposals of its policy',
    name: 'sqlPolicyProposals',
    counterparts: [],
  },
  { workload: 'meow', label: 'meow', name: 'meow', counterparts: [reference('arXiv 2405.13629')] },
  {
    workload: 'dqn',
    label: 'dqn',
    name: 'dqn',
    counterparts: [stableBaselines, reference("as CleanRL's script")],
  },
  {
    workload: 'soft-dqn',
    label: 'soft-dqn',
    name: 'softDqn',
    counterparts: [reference('the same with the soft backup')],
  },
  {
    workload: 'discrete-sac',
    label: 'discrete-sac',
    name: 'discreteSac',
    counterparts: [reference("as CleanRL's script")],
  },
  { workload: 'q-learning', label: 'q-learning', name: 'qLearning', table: true, counterparts: [loop] },
  {
    workload: 'soft-q-learning',
    label: 'soft-q-learning',
    name: 'softQLearning',
    table: true,
    counterparts: [loop],
  },
];
