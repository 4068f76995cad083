import { Rng } from '@maxent/core';
import { describe, expect, test } from 'vitest';
import { type CliqueTree, cliqueTreeOf } from './clique-tree.js';
import { conditionOn } from './evidence.js';
import { FactorGraph } from './factor-graph.js';
import { graphOfGrid, randomGrid } from './test-support/grids.js';
import { randomGraph } from './test-support/random-graphs.js';
import { planFor } from './variable-elimination.js';

const LIMIT = 2 ** 30;

function treeOf(graph: FactorGraph): CliqueTree {
  return cliqueTreeOf(planFor(conditionOn(graph), [], LIMIT, 'sum'));
}

const pairs = (names: string[][], states = 2): FactorGraph =>
  new FactorGraph({
    variables: Object.fromEntries(names.flat().map((name) => [name, states])),
    factors: names.map((variables) => ({
      variables,
      values: new Float64Array(states ** variables.length).fill(1),
    })),
  });

describe('elimination order', () => {
  const orderOf = (graph: FactorGraph, kept: string[] = []): string[] =>
    planFor(conditionOn(graph), graph.placesOf(kept, 'kept'), LIMIT, 'sum').steps.map(
      ({ variable }) => graph.variableNames[variable]!,
    );

  test('joins the fewest pairs first, whatever was declared first', () => {
    // Eliminating the hub first would join all its neighbors.
    expect(
      orderOf(
        pairs([
          ['hub', 'a'],
          ['hub', 'b'],
          ['hub', 'c'],
        ]),
      ),
    ).toEqual(['a', 'b', 'hub', 'c']);
  });

  test('ties go to the smaller table, then to the first declared', () => {
    const graph = new FactorGraph({
      variables: { a: 3, b: 2, c: 2, d: 2 },
      factors: [
        { variables: ['a', 'd'], values: [1, 1, 1, 1, 1, 1] },
        { variables: ['b', 'd'], values: [1, 1, 1, 1] },
        { variables: ['c', 'd'], values: [1, 1, 1, 1] },
      ],
    });
    expect(orderOf(graph)).toEqual(['b', 'c', 'a', 'd']);
  });

  test('leaves out the kept ones', () => {
    expect(
      orderOf(
        pairs([
          ['a', 'b'],
          ['b', 'c'],
          ['c', 'd'],
        ]),
        ['a', 'd'],
      ),
    ).toEqual(['b', 'c']);
  });

  test('keeps fill up to date: a fresh count before each step picks the same variable', () => {
    const rng = Rng.fromSeed(2);
    for (let trial = 0; trial < 50; trial++) {
      const count = 12;
      const links = Array.from({ length: 20 }, () => [rng.integer(count), rng.integer(count)]).filter(
        ([a, b]) => a !== b,
      );
      const graph = pairs(links.map((link) => link.map((v) => `v${v}`)));
      const neighbors = new Map(graph.variableNames.map((name) => [name, new Set<string>()]));
      for (const [a, b] of links) {
        neighbors.get(`v${a}`)!.add(`v${b}`);
        neighbors.get(`v${b}`)!.add(`v${a}`);
      }
      const fill = (name: string): number => {
        const around = [...neighbors.get(name)!];
        return around.flatMap((a, i) => around.slice(i + 1).filter((b) => !neighbors.get(a)!.has(b))).length;
      };
      for (const name of orderOf(graph)) {
        const around = [...neighbors.get(name)!];
        const others = [...neighbors.keys()];
        const lowest = Math.min(...others.map(fill));
        const best = others.filter((other) => fill(other) === lowest);
        const fewest = Math.min(...best.map((other) => neighbors.get(other)!.size));
        expect(name).toBe(best.find((other) => neighbors.get(other)!.size === fewest));
        for (const a of around) for (const b of around) if (a !== b) neighbors.get(a)!.add(b);
        for (const a of around) neighbors.get(a)!.delete(name);
        neighbors.delete(name);
      }
    }
  });
});

describe('clique trees', () => {
  const rng = Rng.fromSeed(1);
  const graphs = Array.from({ length: 100 }, () => randomGraph(rng).graph);
  graphs.push(graphOfGrid(randomGrid(5, 6, rng)));

  test('hold every factor, and only maximal cliques', () => {
    for (const graph of graphs) {
      const { cliques } = treeOf(graph);
      const sets = cliques.map(({ variables }) => new Set(variables));
      for (const { variables } of graph.factors) {
        const free = variables.filter((v) => graph.stateCounts[v]! > 1);
        expect(free.length === 0 || sets.some((set) => free.every((v) => set.has(v)))).toBe(true);
      }
      sets.forEach((set, i) => {
        expect(sets.some((other, j) => i !== j && [...set].every((v) => other.has(v)))).toBe(false);
      });
    }
  });

  test('connect the cliques of each variable through cliques that hold it', () => {
    for (const graph of graphs) {
      const { cliques } = treeOf(graph);
      cliques.forEach(({ variables, parent, separator }, i) => {
        expect(parent).toBeLessThan(i);
        const shared = parent < 0 ? [] : variables.filter((v) => cliques[parent]!.variables.includes(v));
        expect([...separator].sort()).toEqual([...shared].sort());
      });
      // In a forest where each variable enters from a parent in all cliques but one, its cliques are connected.
      graph.variableNames.forEach((_, v) => {
        if (graph.stateCounts[v] === 1) return;
        const entries = cliques.filter(
          ({ variables, separator }) => variables.includes(v) && !separator.includes(v),
        );
        expect(entries).toHaveLength(1);
      });
    }
  });
});
