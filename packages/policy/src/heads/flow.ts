import type { Rng } from '@maxent/core';
import type { Field } from '../file/field.js';
import { buildCoupling } from '../network/coupling.js';
import { buildNetwork } from '../network/layers.js';
import type { Slot } from '../network/workspace.js';
import { boundsOf } from './bounds.js';
import type { Head, HeadSite } from './head.js';

interface Level {
  /** How many environment steps the level holds its latent for. */
  readonly period: number;
  /** Maps the numbers that all levels work on, in place. */
  readonly map: (rng: Rng | undefined) => void;
}

/** `FlowHead` of @maxent/core. Latents that are held for several steps are remembered from step to step. */
export function flow(site: HeadSite): Head {
  const { builder, head, layers, stateSize, actionSpace, actions: field } = site;
  const fields = head.fields('type levels squashed');
  const squashed = fields.squashed.choice(true, false);
  layers.require(layers.list().length === 0, 'none');
  const bounds = boundsOf(actionSpace, field, squashed);
  const input = builder.workspace.slot(stateSize);
  const values = builder.workspace.slot(bounds.size);
  let period = 1;
  const levels = fields.levels.list().map((json, i): Level => {
    const level = json.fields('layers flow sees every');
    const every = level.every.count();
    level.every.require(i > 0 || every === 1, '1 at the lowest level');
    period *= every;
    return { period, map: buildLevel(site, level, input, values) };
  });
  fields.levels.require(levels.length > 0, 'at least one');

  const top = levels.length - 1;
  /** Each level's last action, which holds until it acts again. */
  const actions = levels.map(() => new Float32Array(bounds.size));
  let step = 0;
  return {
    input,
    act: (rng: Rng | undefined) => {
      const { data } = values;
      data.fill(0);
      for (let i = top; i >= 0; i--) {
        if (step % levels[i]!.period !== 0) {
          data.set(actions[i]!);
          continue;
        }
        if (i === top && rng !== undefined) rng.fillNormal(data);
        levels[i]!.map(rng);
        actions[i]!.set(data);
      }
      step += 1;
      return bounds.actionOf(squashed ? data.map(Math.tanh) : data);
    },
    beginEpisode: () => {
      step = 0;
    },
  };
}

/** Returns the function that maps a level's latent, in `values`, to its action. */
function buildLevel(
  { builder, stateSize }: HeadSite,
  level: Record<'layers' | 'flow' | 'sees', Field>,
  input: Slot,
  values: Slot,
): (rng: Rng | undefined) => void {
  const sees = level.sees.value === null ? undefined : level.sees.fields('from to');
  const from = sees?.from.count(0) ?? 0;
  const to = sees?.to.count(from + 1) ?? stateSize;
  level.sees.require(to <= stateSize, `at most ${stateSize}`);
  const seen = builder.workspace.slot(to - from);
  const context = buildNetwork(builder, level.layers, seen);
  const couplings = level.flow.list().map((layer) => buildCoupling(builder, layer, values, context.output));
  return (rng) => {
    seen.data.set(input.data.subarray(from, to));
    context.run(rng);
    for (const apply of couplings) apply();
  };
}
