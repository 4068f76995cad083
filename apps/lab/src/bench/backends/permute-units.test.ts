import { selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import { beforeAll, expect, it } from 'vitest';
import { makeAgent } from '../sac-update/workload.js';
import { drawPermutations, permuteUnits } from './permute-units.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));

it('leaves the function as it was, with other weights', () => {
  const agent = makeAgent({ batchSize: 4, observationSize: 3, actionSize: 2, hiddenSizes: [7, 5] }, 1);
  const observation = Float32Array.of(0.5, -1, 2);
  const before = agent.act(observation, { deterministic: true });
  const snapshot = agent.save();
  const arrays = permuteUnits(snapshot.arrays, drawPermutations(snapshot.arrays, Rng.fromSeed(2)));
  for (const name of ['actor/layer.0.weight', 'actor/layer.1.weight', 'critics/member.1.layer.2.weight']) {
    expect(arrays[name]!.data).not.toEqual(snapshot.arrays[name]!.data);
    expect([...arrays[name]!.data].sort()).toEqual([...snapshot.arrays[name]!.data].sort());
  }
  // Targets start as copies of the critics and must stay that.
  const target = 'targetCritics/member.1.layer.1.weight';
  expect(snapshot.arrays[target]!.data).toEqual(snapshot.arrays['critics/member.1.layer.1.weight']!.data);
  expect(arrays[target]!.data).toEqual(arrays['critics/member.1.layer.1.weight']!.data);
  agent.load({ ...snapshot, arrays });
  const after = agent.act(observation, { deterministic: true });
  for (const [i, value] of after.entries()) expect(value).toBeCloseTo(before[i]!, 5);
  agent.dispose();
});
