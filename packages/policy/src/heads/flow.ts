import type { Rng } from '@maxent/core';
import { booleanOf, countOf, type Fields, fieldsOf, listOf, refuse } from '../file/fields.js';
import { buildCoupling } from '../network/coupling.js';
import { buildNetwork } from '../network/layers.js';
import type { Slot } from '../network/workspace.js';
import { plainBounds, squashedBounds } from './bounds.js';
import type { Head, HeadSite } from './head.js';

interface Level {
  /** Steps of the environment for which its latent stands. */
  readonly period: number;
  /** Maps the numbers that all levels work on, in place. */
  readonly map: () => void;
}

/** `FlowHead` of @maxent/core. Latents that stand for several steps are remembered from step to step. */
export function flow(site: HeadSite): Head {
  const { builder, head, layers, stateSize, actionSpace } = site;
  const fields = fieldsOf('head', head, 'type levels squashed');
  const squashed = booleanOf('head.squashed', fields.squashed);
  if (listOf('layers', layers).length > 0) refuse('layers', 'expected none: each level has its own');
  const bounds = squashed ? squashedBounds(actionSpace) : plainBounds(actionSpace);
  const input = builder.workspace.slot(stateSize);
  const values = builder.workspace.slot(bounds.size);
  let period = 1;
  const levels = listOf('head.levels', fields.levels).map((json, i): Level => {
    const level = fieldsOf(`head.levels[${i}]`, json, 'layers flow sees every');
    const every = countOf(`head.levels[${i}].every`, level.every);
    if (i === 0 && every !== 1)
      refuse('head.levels[0].every', `expected 1 at the lowest level, got ${every}`);
    // As many steps as that are never taken; the product must stay a number that counts.
    period = Math.min(period * every, Number.MAX_SAFE_INTEGER);
    return { period, map: buildLevel(site, `head.levels[${i}]`, level, input, values) };
  });
  if (levels.length === 0) refuse('head.levels', 'expected at least one');

  const top = levels.length - 1;
  /** What each level did last, which stands until it acts again. */
  const actions = levels.map(() => new Float32Array(bounds.size));
  let step = 0;
  const cube = new Float32Array(bounds.size);
  return {
    input,
    act: (rng: Rng | undefined) => {
      const { data } = values;
      for (let k = 0; k < data.length; k++) data[k] = 0;
      for (let i = top; i >= 0; i--) {
        if (step % levels[i]!.period !== 0) {
          data.set(actions[i]!);
          continue;
        }
        if (i === top && rng !== undefined) rng.fillNormal(data);
        levels[i]!.map();
        actions[i]!.set(data);
      }
      step += 1;
      for (let k = 0; k < data.length; k++) cube[k] = squashed ? Math.tanh(data[k]!) : data[k]!;
      return bounds.actionOf(cube);
    },
    beginEpisode: () => {
      step = 0;
    },
  };
}

/** Gives what maps a level's latent, which lies in `values`, to its action. */
function buildLevel(
  { builder, stateSize }: HeadSite,
  path: string,
  level: Fields,
  input: Slot,
  values: Slot,
): () => void {
  let seen = input;
  let copy = (): void => {};
  if (level.sees !== null) {
    const sees = fieldsOf(`${path}.sees`, level.sees, 'from to');
    const from = countOf(`${path}.sees.from`, sees.from, 0);
    const to = countOf(`${path}.sees.to`, sees.to, from + 1);
    if (to > stateSize) refuse(`${path}.sees.to`, `expected at most ${stateSize}, got ${to}`);
    const part = builder.workspace.slot(to - from);
    seen = part;
    copy = () => part.data.set(input.data.subarray(from, to));
  }
  const context = buildNetwork(builder, `${path}.layers`, level.layers, seen);
  const couplings = listOf(`${path}.flow`, level.flow).map((layer, k) =>
    buildCoupling(builder, `${path}.flow[${k}]`, layer, values, context.output),
  );
  return () => {
    copy();
    context.run();
    for (const apply of couplings) apply();
  };
}
