import type { Snapshot } from '@maxent/core';
import { couplingLayers } from '@maxent/distributions';
import {
  couplingInDouble,
  numericalLogDet,
} from '../../../../distributions/src/bijectors/test-support/double-precision.js';

export type Row = readonly number[];

/** One Gaussian of a prior; `logHeight` is l. */
export interface Component {
  readonly mean: Row;
  readonly logStd: Row;
  readonly logHeight: number;
}

/** A flow in one state, in double precision: z = inverse(u). */
export interface FlowInDouble {
  readonly prior: readonly Component[];
  readonly inverse: (u: Row) => number[];
  /** log |det dz/du|; by default from numerical derivatives. */
  readonly logDet?: (u: Row) => number;
  /** Whether actions are tanh(u); otherwise they are u. */
  readonly squashed: boolean;
}

export const gaussian = (std: Row): Component[] => [
  { mean: std.map(() => 0), logStd: std.map(Math.log), logHeight: 0 },
];

const sum = (values: Row): number => values.reduce((total, value) => total + value, 0);

function logSumExp(values: Row): number {
  const largest = Math.max(...values);
  return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
}

/** log(1 - tanh(u)^2), directly. */
export function logSlope(u: number): number {
  return 2 * (Math.LN2 - Math.abs(u) - Math.log1p(Math.exp(-2 * Math.abs(u))));
}

/** -1/2 sum ((z - mean) / std)^2. */
function energy({ mean, logStd }: Component, z: Row): number {
  return -0.5 * sum(z.map((value, i) => ((value - mean[i]!) / Math.exp(logStd[i]!)) ** 2));
}

function logVolume({ inverse, logDet, squashed }: FlowInDouble, u: Row): number {
  const map = logDet?.(u) ?? numericalLogDet(inverse, u);
  return squashed ? map - sum(u.map(logSlope)) : map;
}

/** shape(s, a): Q / alpha without its shift (generalized to mixtures). */
export function logShape(flow: FlowInDouble, u: Row): number {
  const z = flow.inverse(u);
  const terms = flow.prior.map((component) => component.logHeight + energy(component, z));
  return logSumExp(terms) + logVolume(flow, u);
}

/** normalizer(s): V / alpha without its shift. */
export function logNormalizer({ prior }: FlowInDouble): number {
  const size = prior[0]!.mean.length;
  return 0.5 * size * Math.log(2 * Math.PI) + logSumExp(prior.map((k) => k.logHeight + sum(k.logStd)));
}

/** log pi(a | s) as a mixture of normalized Gaussians through the change of variables. */
export function logProb(flow: FlowInDouble, u: Row): number {
  const z = flow.inverse(u);
  const weights = flow.prior.map((k) => k.logHeight + sum(k.logStd));
  const total = logSumExp(weights);
  const densities = flow.prior.map(
    (component, k) =>
      weights[k]! -
      total +
      energy(component, z) -
      sum(component.logStd) -
      0.5 * z.length * Math.log(2 * Math.PI),
  );
  return logSumExp(densities) + logVolume(flow, u);
}

/** The trapezoid rule on [-limit, limit] in every direction, for functions that vanish at the ends. */
export function integrate(f: (u: Row) => number, size: 1 | 2, limit: number, steps: number): number {
  const width = (2 * limit) / steps;
  const nodes = Array.from({ length: steps + 1 }, (_, i) => i * width - limit);
  if (size === 1) return width * sum(nodes.map((x) => f([x])));
  return width ** 2 * sum(nodes.map((x) => sum(nodes.map((y) => f([x, y])))));
}

/**
 * alpha log of the integral of exp(Q / alpha) over actions, by quadrature in u, where da = (1 - a^2) du cancels the
 * squash; Q = alpha (shape + shift).
 */
export function valueByQuadrature(
  flow: FlowInDouble,
  { alpha, shift, limit, steps }: { alpha: number; shift: number; limit: number; steps: number },
): number {
  const inUnsquashed = { ...flow, squashed: false };
  const density = (u: Row) => Math.exp(logShape(inUnsquashed, u) + shift);
  return alpha * Math.log(integrate(density, flow.prior[0]!.mean.length as 1 | 2, limit, steps));
}

export interface SnapshotDesign {
  readonly size: number;
  readonly couplingLayers: number;
  readonly couplingHiddenSize: number;
  readonly maximumLogScale: number;
  readonly components: number;
  readonly minimumLogStd: number;
  readonly maximumLogStd: number;
}

/** The flow of a MEow snapshot in one state, read by the formulas. */
export function flowOfSnapshot(snapshot: Snapshot, design: SnapshotDesign, state: Row): FlowInDouble {
  const { arrays } = snapshot;
  const outputs = network(snapshot, 'prior/', state, Math.tanh);
  const context = network(snapshot, 'flow/embedding/', state);
  const { size, components, minimumLogStd: low, maximumLogStd: high, couplingHiddenSize: width } = design;
  const logStd = (output: number) => low + ((high - low) * (1 + output)) / 2;
  const prior = Array.from({ length: components }, (_, k): Component => {
    if (components === 1) return { mean: outputs.map(() => 0), logStd: outputs.map(logStd), logHeight: 0 };
    const entries = (block: number) =>
      outputs.slice(
        components + (block * components + k) * size,
        components + (block * components + k + 1) * size,
      );
    return {
      logHeight: 5 * outputs[k]!,
      logStd: entries(0).map(logStd),
      mean: entries(1).map((output) => 4 * output),
    };
  });
  const maps = couplingLayers({
    size,
    layers: design.couplingLayers,
    hiddenSize: width,
    maximumLogScale: design.maximumLogScale,
  }).map((spec, i) =>
    couplingInDouble(
      spec,
      arrays[`flow/couplings/layer.${i}`]!.data as Float32Array,
      context.slice(i * width, (i + 1) * width),
    ),
  );
  return {
    prior,
    squashed: true,
    inverse: (u) => maps.reduceRight((value, map) => map.inverse(value), [...u]),
  };
}

/** beta_j of a snapshot in one state. */
export function shiftsOfSnapshot(snapshot: Snapshot, part: 'shifts' | 'targetShifts', state: Row): number[] {
  return [0, 1].map((member) => network(snapshot, `${part}/member.${member}.`, state)[0]!);
}

/** A ReLU network of a snapshot. */
function network(
  { arrays }: Snapshot,
  prefix: string,
  state: Row,
  outputActivation = (x: number) => x,
): number[] {
  let values = [...state];
  for (let l = 0; arrays[`${prefix}layer.${l}.weight`] !== undefined; l++) {
    const weight = arrays[`${prefix}layer.${l}.weight`]!.data as Float32Array;
    const bias = arrays[`${prefix}layer.${l}.bias`]!.data as Float32Array;
    const isLast = arrays[`${prefix}layer.${l + 1}.weight`] === undefined;
    const inputs = values;
    values = Array.from(bias, (start, k) => {
      const total = inputs.reduce((all, value, i) => all + value * weight[i * bias.length + k]!, start);
      return isLast ? outputActivation(total) : Math.max(total, 0);
    });
  }
  return values;
}
