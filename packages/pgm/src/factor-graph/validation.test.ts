import { InvalidInputError } from '@maxent/core';
import { describe, expect, test } from 'vitest';
import {
  calibrateJunctionTree,
  FactorGraph,
  type FactorGraphInput,
  inferFactorGraph,
  jointMarginal,
  logPartitionFunction,
  loopySumProduct,
  maxProduct,
  mostProbableAssignment,
  sumProduct,
} from './index.js';

const variables = { Rain: 2, Wet: 3 };
const pair = { variables: ['Rain', 'Wet'], values: [1, 2, 3, 4, 5, 6] };
const graph = new FactorGraph({ variables, factors: [pair] });

function faultOf(act: () => unknown): { field: string; message: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return { field: error.field, message: error.message };
    throw error;
  }
  throw new Error('expected an InvalidInputError');
}

describe('a graph at fault is refused by its path', () => {
  test.each<[string, FactorGraphInput, string]>([
    ['variables.Wet', { variables: { Rain: 2, Wet: 0 }, factors: [] }, 'positive integer, got 0'],
    ['variables.Wet', { variables: { Rain: 2, Wet: 2.5 }, factors: [] }, 'positive integer, got 2.5'],
    [
      'factors[1].variables[1]',
      { variables, factors: [pair, { variables: ['Rain', 'Wte'], values: [] }] },
      'got "Wte". Did you mean "Wet"?',
    ],
    [
      'factors[0].variables[1]',
      { variables, factors: [{ variables: ['Rain', 'Rain'], values: [1, 0, 0, 1] }] },
      'distinct variables, got "Rain" twice',
    ],
    [
      'factors[0].values',
      { variables, factors: [{ variables: ['Rain', 'Wet'], values: [1, 2, 3, 4] }] },
      'expected 6 entries (2 x 3), got 4',
    ],
    [
      'factors[1].values[2]',
      { variables, factors: [pair, { variables: ['Wet'], values: [1, 0, -1] }] },
      'finite weight of at least 0, got -1',
    ],
    [
      'factors[0].variables[0]',
      { variables, factors: [{ variables: ['W'.repeat(1000)], values: [1] }] },
      `got "${'W'.repeat(60)}...".`,
    ],
    ['variables["a b"]', { variables: { 'a b': 0 }, factors: [] }, 'positive integer, got 0'],
    ['factors[0].values[0]', { variables, factors: [{ variables: ['Rain'], values: [NaN, 1] }] }, 'got NaN'],
    [
      'factors[0].values[1]',
      { variables, factors: [{ variables: ['Rain'], values: [0, Infinity] }] },
      'got Infinity',
    ],
    [
      'factors[0].logValues[1]',
      { variables, factors: [{ variables: ['Rain'], logValues: [-Infinity, Infinity] }] },
      'log-weight below Infinity, got Infinity',
    ],
    [
      'factors[0].logValues[0]',
      { variables, factors: [{ variables: ['Rain'], logValues: [NaN, 0] }] },
      'got NaN',
    ],
  ])('%s', (field, input, message) => {
    const fault = faultOf(() => new FactorGraph(input));
    expect(fault.field).toBe(field);
    expect(fault.message).toContain(message);
  });
});

describe('questions at fault are refused by their path', () => {
  test.each<[string, () => unknown]>([
    ['evidence.Rian', () => logPartitionFunction(graph, { evidence: { Rian: 0 } })],
    ['evidence.Rain', () => sumProduct(graph, { evidence: { Rain: 2 } })],
    ['evidence.Rain', () => mostProbableAssignment(graph, { evidence: { Rain: -1 } })],
    ['evidence.Wet', () => calibrateJunctionTree(graph, { evidence: { Wet: 0.5 } })],
    ['variables[1]', () => jointMarginal(graph, ['Rain', 'Rain'])],
    ['variables[0]', () => calibrateJunctionTree(graph).marginal(['Snow'])],
    ['queries[1][0]', () => inferFactorGraph(graph, { queries: [['Rain'], ['Snow']] })],
    ['queries[0][1]', () => inferFactorGraph(graph, { queries: [['Rain', 'Rain']], method: 'loopy' })],
    ['queries[1]', () => inferFactorGraph(graph, { queries: [['Rain'], []] })],
    ['method', () => inferFactorGraph(graph, { method: 'best' as 'exact' })],
    ['memoryLimit', () => logPartitionFunction(graph, { memoryLimit: 0 })],
    ['damping', () => loopySumProduct(graph, { damping: 1 })],
    ['tolerance', () => loopySumProduct(graph, { tolerance: 0 })],
    ['maxIterations', () => loopySumProduct(graph, { maxIterations: 0 })],
    ['assignment.Wet', () => graph.logWeight({ Rain: 1 })],
    ['assignment.Wet', () => graph.logWeight({ Rain: 1, Wet: 3 })],
  ])('%s', (field, act) => {
    expect(faultOf(act).field).toBe(field);
  });

  test('joint beliefs of variables that share no factor', () => {
    const chain = new FactorGraph({
      variables: { A: 2, B: 2, C: 2 },
      factors: [
        { variables: ['A', 'B'], values: [1, 2, 3, 4] },
        { variables: ['B', 'C'], values: [1, 2, 3, 4] },
      ],
    });
    const { field, message } = faultOf(() =>
      inferFactorGraph(chain, { queries: [['A', 'C']], method: 'loopy' }),
    );
    expect(field).toBe('queries[0]');
    expect(message).toContain('expected variables that share a factor');
    expect(() => sumProduct(chain).marginal(['C', 'A'])).toThrow('variables: expected variables that share');
  });
});

describe('a graph with a cycle is not a tree', () => {
  const ring = (length: number): FactorGraph => {
    const names = Array.from({ length }, (_, i) => `v${i}`);
    return new FactorGraph({
      variables: Object.fromEntries(names.map((name) => [name, 2])),
      factors: names.map((name, i) => ({
        variables: [name, names[(i + 1) % length]!],
        values: [2, 1, 1, 2],
      })),
    });
  };

  test('the cycle is named, and what to use', () => {
    const { field, message } = faultOf(() => sumProduct(ring(3)));
    expect(field).toBe('factors');
    const cycle = /got the cycle (.*)\. Use the junction tree/.exec(message)![1]!.split(' - ');
    expect(cycle[0]).toBe(cycle.at(-1));
    expect(new Set(cycle)).toEqual(new Set(['v0', 'v1', 'v2', 'factors[0]', 'factors[1]', 'factors[2]']));
    expect(() => maxProduct(ring(3))).toThrow('got the cycle');
  });

  test('a long one is cut short', () => {
    expect(faultOf(() => sumProduct(ring(5000))).message).toMatch(/\.\.\. 9988 more \.\.\. - v\d+\. Use/);
  });

  test('two factors over the same pair are a cycle', () => {
    const twice = new FactorGraph({ variables, factors: [pair, pair] });
    expect(faultOf(() => sumProduct(twice)).message).toContain('factors[0]');
  });

  test('an observed variable opens it', () => {
    const { logPartition, marginal } = sumProduct(ring(3), { evidence: { v0: 0 } });
    // Weights with v0 = 0: 8 for 00, 2 for each of the other three states of v1 and v2.
    expect(logPartition).toBeCloseTo(Math.log(14), 12);
    expect(marginal(['v1'])!.values[1]).toBeCloseTo(4 / 14, 12);
  });
});

describe('tables beyond the memory limit are refused before they exist', () => {
  const complete = (count: number, states = 2): FactorGraph => {
    const names = Array.from({ length: count }, (_, i) => `v${i}`);
    return new FactorGraph({
      variables: Object.fromEntries(names.map((name) => [name, states])),
      factors: names.flatMap((a, i) =>
        names.slice(i + 1).map((b) => ({
          variables: [a, b],
          values: Array.from({ length: states * states }, (_, k) => 1 + (k % 2)),
        })),
      ),
    });
  };

  test.each<[string, (graph: FactorGraph) => unknown]>([
    ['partition function', logPartitionFunction],
    ['marginal', (large) => jointMarginal(large, ['v7'])],
    ['most probable assignment', mostProbableAssignment],
    ['junction tree', calibrateJunctionTree],
    ['all at once', inferFactorGraph],
  ])('%s, with variables, entries and bytes', (_, act) => {
    const { field, message } = faultOf(() => act(complete(60)));
    expect(field).toBe('factors');
    expect(message).toMatch(
      /at most 1 GiB, got a table over 60 variables \(v0, v1, .*, \.\.\.\) of about 10\^18 entries, 8 EiB\. Observe/,
    );
  });

  test('sizes beyond what a number can hold', () => {
    expect(faultOf(() => logPartitionFunction(complete(120, 8))).message).toContain(
      'over 120 variables (v0, v1, v2, v3, v4, v5, v6, v7, ...) of about 10^108 entries, about 10^109 bytes',
    );
  });

  test('the limit can be set, and is met to the byte', () => {
    // One table of 2^10 entries; its message, the sums for it and the table itself.
    const ten = complete(10);
    const needed = (2 ** 10 + 2 * 2 ** 9) * 8;
    expect(logPartitionFunction(ten, { memoryLimit: needed })).toBeGreaterThan(0);
    expect(faultOf(() => logPartitionFunction(ten, { memoryLimit: needed - 1 })).message).toContain(
      'got 16 KiB together; the largest is a table over 10 variables',
    );
    expect(faultOf(() => logPartitionFunction(ten, { memoryLimit: 8191 })).message).toContain(
      'of 1024 entries, 8 KiB',
    );
    expect(() => calibrateJunctionTree(ten, { memoryLimit: needed - 1 })).not.toThrow();
  });

  test('an answer alone can be too large', () => {
    const names = Array.from({ length: 40 }, (_, i) => `v${i}`);
    const unary = new FactorGraph({
      variables: Object.fromEntries(names.map((name) => [name, 2])),
      factors: [],
    });
    expect(faultOf(() => jointMarginal(unary, names)).message).toMatch(
      /^variables: .* 1099511627776 entries, 8 TiB/,
    );
    expect(faultOf(() => inferFactorGraph(unary, { queries: [['v0'], names] })).field).toBe('queries[1]');
    expect(inferFactorGraph(unary, { queries: [['v0']] }).logPartition).toBeCloseTo(40 * Math.log(2), 12);
  });
});
