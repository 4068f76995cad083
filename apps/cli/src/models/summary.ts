import { formatNumber } from '@maxent/training/report';
import type {
  FactorGraphAnswer,
  FiniteLqrAnswer,
  FiniteMdpAnswer,
  HmmAnswer,
  InferAnswer,
  LgssmAnswer,
  StationaryLqrAnswer,
  StationaryMdpAnswer,
} from '../commands/infer/answer.js';
import type { SolveAnswer } from '../commands/solve/answer.js';
import { formatColumns } from '../output/columns.js';
import { formatCounted } from '../output/format-number.js';
import { formatTable } from '../output/table.js';
import { jointStates } from './model-figures.js';

/** What people see first of an answer. */
export interface Summary {
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The first rows of what was asked for; the first of them is the head. */
  readonly table: readonly (readonly string[])[];
  /** Rows that the table leaves out. */
  readonly more: number;
}

type JsonNumber = number | 'Infinity' | '-Infinity';
const number = (value: JsonNumber): string => formatNumber(Number(value));

const MOST_ROWS = 20;
const MOST_COLUMNS = 8;

export function formatSummary({ facts, table, more }: Summary): string {
  const parts = [formatColumns(facts, '')];
  if (table.length > 1) parts.push(formatTable(table));
  const rest = more > 0 ? `  ... ${more} more; --json shows everything\n` : '';
  return `${parts.join('\n\n')}\n${rest}`;
}

/** The answer's kind is known by its keys. */
export function summaryOf(answer: InferAnswer): Summary {
  if ('viterbi' in answer) return hmmSummary(answer);
  if ('filteredMeans' in answer) return lgssmSummary(answer);
  if ('logPartition' in answer) return factorGraphSummary(answer);
  if ('policyCovariance' in answer) return lqrSummary(answer);
  return mdpSummary(answer);
}

function hmmSummary({ logLikelihood, smoothed, viterbi: { path, logProbability } }: HmmAnswer): Summary {
  if (smoothed === null || path === null) {
    const facts = [['log-likelihood', '-Infinity: the observations are impossible'] as const];
    return { facts, table: [], more: 0 };
  }
  const facts = [
    ['log-likelihood', number(logLikelihood)],
    ['most probable path', `log-probability ${number(logProbability)}`],
  ] as const;
  const states = smoothed[0]!.slice(0, MOST_COLUMNS);
  const head = ['t', 'path', ...states.map((_, state) => `p(${state})`)];
  return {
    facts,
    ...rowsOf(head, smoothed, (probabilities, t) => [
      String(t),
      String(path[t]),
      ...states.map((_, state) => number(probabilities[state]!)),
    ]),
  };
}

function lgssmSummary({ logLikelihood, smoothedMeans, smoothedCovariances }: LgssmAnswer): Summary {
  const components = smoothedMeans[0]!.slice(0, MOST_COLUMNS);
  const head = ['t', ...components.map((_, i) => `smoothed ${i}`)];
  return {
    facts: [['log-likelihood', number(logLikelihood)]],
    ...rowsOf(head, smoothedMeans, (mean, t) => [
      String(t),
      ...components.map((_, i) => {
        const variance = Number(smoothedCovariances[t]![i]![i]);
        return `${number(mean[i]!)} ± ${number(Math.sqrt(variance))}`;
      }),
    ]),
  };
}

function mdpSummary(answer: FiniteMdpAnswer | StationaryMdpAnswer): Summary {
  if ('iterations' in answer) {
    return { facts: fixedPointFacts(answer), ...policyRows('V', answer.V, answer.policy) };
  }
  const { V, policy, logEvidence, elbo, kl } = answer;
  const facts: (readonly [string, string])[] = [['decisions', String(policy.length)]];
  if (logEvidence !== null) facts.push(['log evidence', `${number(logEvidence)} nats`]);
  if (elbo !== null) facts.push(['variational bound', `${number(elbo)} nats`]);
  if (kl !== null) facts.push(['their difference', `${number(kl)} nats`]);
  return { facts, ...policyRows('V at t = 0', V[0]!, policy[0]!) };
}

/** What people see first of the answer of `maxent solve`. */
export function solveSummary({ startValue, V, policy, note, ...fixedPoint }: SolveAnswer): Summary {
  return {
    facts: [
      ['value of the start', number(startValue)],
      ...fixedPointFacts(fixedPoint),
      ...(note === undefined ? [] : [['note', note] as const]),
    ],
    ...policyRows('V', V, policy),
  };
}

function fixedPointFacts({ iterations, residual }: { iterations: number; residual: JsonNumber }) {
  return [
    ['sweeps', String(iterations)],
    ['residual', number(residual)],
  ] as const;
}

/** Value and policy of each state. */
function policyRows(
  name: string,
  V: readonly JsonNumber[],
  policy: readonly (readonly JsonNumber[])[],
): Pick<Summary, 'table' | 'more'> {
  const actions = policy[0]!.slice(0, MOST_COLUMNS);
  return rowsOf(['state', name, ...actions.map((_, action) => `p(${action})`)], V, (value, state) => [
    String(state),
    number(value),
    ...actions.map((_, action) => number(policy[state]![action]!)),
  ]);
}

function lqrSummary(answer: FiniteLqrAnswer | StationaryLqrAnswer): Summary {
  const stationary = 'averageReward' in answer;
  const facts: (readonly [string, string])[] = stationary
    ? [['average reward', number(answer.averageReward)]]
    : [['steps', String(answer.K.length)]];
  const constant = stationary ? answer.valueConstant : answer.valueConstant[0]!;
  if (constant !== null)
    facts.push([stationary ? 'constant of V' : 'constant of V at t = 0', number(constant)]);
  const P = stationary ? answer.P : answer.P[0]!;
  const K = stationary ? answer.K : answer.K[0]!;
  const entries = [
    ...P.map((row, i) => [`P[${i}]`, row] as const),
    ...K.map((row, i) => [`K[${i}]`, row] as const),
  ];
  const columns = P[0]!.slice(0, MOST_COLUMNS);
  const head = [stationary ? '' : 'at t = 0', ...columns.map((_, j) => `[${j}]`)];
  return {
    facts,
    ...rowsOf(head, entries, ([name, row]) => [name, ...columns.map((_, j) => number(row[j]!))]),
  };
}

function factorGraphSummary(answer: FactorGraphAnswer): Summary {
  const { logPartition, marginals, map, converged, iterations } = answer;
  const facts: (readonly [string, string])[] = [
    ['log-partition', marginals === null ? '-Infinity: the evidence is impossible' : number(logPartition)],
  ];
  if (converged !== undefined) {
    facts.push([
      'belief propagation',
      `${converged ? 'converged' : 'not converged'} after ${formatCounted(iterations!, 'iteration')}`,
    ]);
  }
  if (map.assignment !== null) {
    const states = Object.entries(map.assignment).map(([name, state]) => `${name}=${state}`);
    facts.push(['most probable', `${states.join(' ')} (log-weight ${number(map.logValue)})`]);
  }
  const entries = (marginals ?? []).flatMap(({ variables, values }) =>
    jointStates(values, []).map(([states, value]) => {
      return [states.map((state, i) => `${variables[i]}=${state}`).join(' '), value] as const;
    }),
  );
  return { facts, ...rowsOf(['', 'p'], entries, ([states, value]) => [states, number(value)]) };
}

function rowsOf<T>(
  head: readonly string[],
  values: readonly T[],
  rowOf: (value: T, index: number) => readonly string[],
): Pick<Summary, 'table' | 'more'> {
  return {
    table: [head, ...values.slice(0, MOST_ROWS).map(rowOf)],
    more: Math.max(0, values.length - MOST_ROWS),
  };
}
