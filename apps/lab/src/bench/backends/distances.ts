import { InvalidInputError } from '@maxent/core';
import { relativeDistance } from '../../statistics.js';
import type { Arrays } from './trial.js';

export const networks = ['actor', 'critics', 'targetCritics'] as const;
export type NetworkName = (typeof networks)[number];

/** Relative L2 distance of all parameters of a network, against the reference `b`. */
export function networkDistance(a: Arrays, b: Arrays, network: NetworkName): number {
  const names = Object.keys(b).filter((name) => name.startsWith(`${network}/`));
  const join = (arrays: Arrays): number[] => names.flatMap((name) => Array.from(arrays[name]!.data, Number));
  return relativeDistance(join(a), join(b));
}

/**
 * Relative L2 distances of the first update's gradients, one per tensor. They are read off Adam's first moments, which
 * are (1 - beta1) times the gradient after one step: flat vectors, cut at the tensors of the network they belong to.
 */
export function gradientDistances(a: Arrays, b: Arrays): Record<string, number> {
  const distances: Record<string, number> = {};
  for (const [optimizer, network] of [
    ['actorOptimizer', 'actor'],
    ['criticOptimizer', 'critics'],
  ] as const) {
    const moment = `${optimizer}/firstMoment.0`;
    const [own, reference] = [a[moment]?.data, b[moment]?.data];
    if (own === undefined || reference === undefined) {
      throw new InvalidInputError('arrays', `expected an array "${moment}"`);
    }
    let offset = 0;
    for (const [name, { data }] of Object.entries(b).filter(([key]) => key.startsWith(`${network}/`))) {
      const cut = (values: typeof own): number[] =>
        Array.from(values.slice(offset, offset + data.length), Number);
      distances[name] = relativeDistance(cut(own), cut(reference));
      offset += data.length;
    }
    if (offset !== own.length) {
      throw new InvalidInputError('arrays', `"${moment}" has ${own.length} values, its network ${offset}`);
    }
  }
  return distances;
}
