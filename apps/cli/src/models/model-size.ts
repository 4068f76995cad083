import { fieldPath } from '@maxent/core';
import { formatCounted } from '../output/format-number.js';
import type { InferenceSize } from './inference-memory.js';
import type { Model } from './model.js';

type ModelOf<Kind extends Model['kind']> = Extract<Model, { kind: Kind }>;

/** The size of a model and of its answer. Rows of other lengths than the first are found later, by name. */
export function sizeOfModel(model: Model): InferenceSize {
  switch (model.kind) {
    case 'hmm':
      return hmmSize(model);
    case 'lgssm':
      return lgssmSize(model);
    case 'mdp':
      return mdpSize(model);
    case 'lqr':
      return lqrSize(model);
    case 'factor-graph':
      return factorGraphSize(model);
  }
}

/** Filtered, predicted and smoothed [T][K], a path [T]; work: log-likelihoods and back pointers as well. */
function hmmSize({ initial, emission, observations }: ModelOf<'hmm'>): InferenceSize {
  const states = initial.length;
  const given = emission.kind === 'logLikelihoods';
  const steps = given ? emission.values.length : (observations?.length ?? 0);
  const symbols = emission.kind === 'categorical' ? emission.probs[0]!.length : 2;
  return {
    field: given ? 'emission.values' : 'observations',
    what: `${formatCounted(steps, 'observation')} of ${formatCounted(states, 'state')}`,
    read: states + states ** 2 + (given ? steps * states : states * symbols + steps),
    worked: 6 * steps * states + 2 * states ** 2,
    answered: 3 * steps * states + steps,
    arrays: 3 * steps,
  };
}

/** Means [T][n] and covariances [T][n][n], filtered and smoothed; work: predictions, factors and gains as well. */
function lgssmSize({ initialMean, H, observations }: ModelOf<'lgssm'>): InferenceSize {
  const n = initialMean.length;
  const m = H.length;
  const steps = observations.length;
  return {
    field: 'observations',
    what: `${formatCounted(steps, 'observation')} of ${m} from a state of ${n}`,
    read: n + 3 * n ** 2 + n * m + m ** 2 + steps * m,
    worked: 5 * steps * (n + n ** 2) + steps * m,
    answered: 2 * steps * (n + n ** 2),
    arrays: 2 * steps * (n + 2),
  };
}

/** V [T+1][S], Q and policy [T][S][A], marginals [T][S]; without a horizon, once each. */
function mdpSize({ transition, horizon }: ModelOf<'mdp'>): InferenceSize {
  const states = transition.length;
  const actions = transition[0]!.length;
  const steps = horizon ?? 1;
  const answered = (steps + 1) * states + 2 * steps * states * actions + steps * states;
  const sizes = `${formatCounted(states, 'state')} and ${formatCounted(actions, 'action')}`;
  return {
    field: horizon === null ? 'transition' : 'horizon',
    what: horizon === null ? sizes : `${formatCounted(steps, 'step')} of ${sizes}`,
    read: states ** 2 * actions + 2 * states * actions + states,
    worked: answered + 2 * states ** 2 * actions,
    answered,
    arrays: steps * (2 * states + 4),
  };
}

/** P [T+1][n][n], K [T][m][n], covariances [T][m][m], constants [T+1]. */
function lqrSize({ A, B, horizon }: ModelOf<'lqr'>): InferenceSize {
  const n = A.length;
  const m = B[0]!.length;
  const steps = horizon ?? 1;
  const answered = (steps + 1) * (n ** 2 + 1) + steps * (m * n + m ** 2);
  const sizes = `${formatCounted(n, 'state')} and ${formatCounted(m, 'control')}`;
  return {
    field: horizon === null ? 'A' : 'horizon',
    what: horizon === null ? sizes : `${formatCounted(steps, 'step')} of ${sizes}`,
    read: 4 * n ** 2 + n * m + m ** 2,
    worked: answered,
    answered,
    arrays: steps * (n + 2 * m + 3),
  };
}

/** A table for each query and a state for each variable; exact tables have a limit of their own, `memoryLimit`. */
function factorGraphSize({ variables, factors, queries, method }: ModelOf<'factor-graph'>): InferenceSize {
  const names = Object.keys(variables);
  const countOf = (name: string): number => (Object.hasOwn(variables, name) ? variables[name]! : 1);
  const sizeOf = (table: readonly string[]): number => table.reduce((size, name) => size * countOf(name), 1);
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const asked = queries ?? names.map((name) => [name]);
  const sizes = asked.map(sizeOf);
  const largest = sizes.reduce((best, size, i) => (size > sizes[best]! ? i : best), 0);
  const states = sum(names.map(countOf));
  const messages =
    method === 'loopy' ? 4 * sum(factors.map((factor) => sum(factor.variables.map(countOf)))) : 0;
  return {
    field:
      queries !== undefined || names.length === 0
        ? `queries[${largest}]`
        : fieldPath(['variables', names[largest]!]),
    what: `${asked.length} ${asked.length === 1 ? 'query' : 'queries'}, the largest over ${formatCounted(sizes[largest] ?? 0, 'joint state')}`,
    read: sum(factors.map((factor) => sizeOf(factor.variables))),
    worked: 3 * states + messages + sum(sizes),
    answered: sum(sizes) + names.length,
    // Nested with a state or two on the last axis, half of the numbers begin an array.
    arrays: sum(sizes) / 2 + asked.length,
  };
}
