import { selectBackend } from '@maxent/backend';
import { Box, Rng, type Snapshot } from '@maxent/core';
import { Maze, PointMass } from '@maxent/envs';
import { FlowPolicy, FrozenPolicy, type Level, LevelStack } from '@maxent/hierarchy';
import { expect, it } from 'vitest';
import { encodePolicy, readPolicy } from '../index.js';

const world = () => new PointMass(new Maze('simple'));
const latents = new Box({ low: -Infinity, high: Infinity, shape: [2] });

/** New parameters, so that no level is its prior. */
function unsettled({ arrays, metadata }: Snapshot, rng: Rng): Snapshot {
  const jittered = Object.entries(arrays).map(([name, { shape, data }]) => {
    const moved = Float32Array.from(data as Float32Array, (value) => value + 0.4 * rng.normal());
    return [name, { shape, data: moved }] as const;
  });
  return { arrays: Object.fromEntries(jittered), metadata };
}

function level(observationSize: number, squashed: boolean, view: Pick<Level, 'sees' | 'every'>): Level {
  const rng = Rng.fromSeed(observationSize + view.every);
  const policy = new FlowPolicy({
    observationSize,
    actionSize: 2,
    hiddenSizes: [8],
    couplingLayers: 2,
    couplingHiddenSize: 6,
    maximumLogScale: 2,
    squashed,
    rng,
  });
  policy.load(unsettled(policy.save(), rng));
  const frozen = FrozenPolicy.of(policy, squashed ? world().actionSpace : latents);
  policy.dispose();
  return { policy: frozen, ...view };
}

it('acts as the levels of a hierarchy do, each at its rate and with what it sees', async () => {
  await selectBackend({ prefer: 'wasm' });
  const stack = new LevelStack([
    level(2, true, { sees: { from: 2, to: 4 }, every: 1 }),
    level(4, false, { sees: null, every: 2 }),
    level(2, false, { sees: { from: 0, to: 2 }, every: 3 }),
  ]);
  const policy = readPolicy(encodePolicy(stack.describePolicy(world())));
  // Where the top level decides, the stack has been held for as many steps as its rates say.
  const embedded = stack.embedIn(world());
  const alone = world();
  let { observation } = alone.reset({ seed: 4 });
  const expected = embedded.reset({ seed: 4 }).observation as Float64Array;
  expect(observation).toEqual(expected);
  policy.beginEpisode();
  for (let decision = 0; decision < 5; decision++) {
    const there = embedded.step(new Float32Array(2)).observation as ArrayLike<number>;
    for (let step = 0; step < 6; step++) {
      observation = alone.step(policy.act(observation) as Float32Array).observation;
    }
    Array.from(there, (value, i) => expect((observation as Float32Array)[i]).toBeCloseTo(value, 4));
  }
  stack.dispose();
});
