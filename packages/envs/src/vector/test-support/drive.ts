import { Rng, type VectorEnvironment, type VectorResetResult, type VectorStepResult } from '@maxent/core';

/** Everything that a reset and `steps` random steps return. */
export async function drive(
  vector: VectorEnvironment,
  steps: number,
  seed: number | readonly number[] = 5,
): Promise<(VectorResetResult<unknown> | VectorStepResult<unknown>)[]> {
  return [await vector.reset({ seed }), ...(await goOn(vector, 0, steps))];
}

/** Takes the random steps numbered `from` to `to - 1`; `seedsAt` gives each step its seeds. */
export async function goOn(
  vector: VectorEnvironment,
  from: number,
  to: number,
  seedsAt?: (t: number) => readonly number[],
): Promise<VectorStepResult<unknown>[]> {
  const results: VectorStepResult<unknown>[] = [];
  for (let t = from; t < to; t++) {
    const rng = Rng.fromSeed(9).split(t);
    const actions = Array.from({ length: vector.count }, () => vector.actionSpace.sample(rng));
    results.push(await vector.step(actions, seedsAt && { seeds: seedsAt(t) }));
  }
  return results;
}
