import {
  pictureProblem,
  shapeProblem,
  spacesProblem,
  stateProblem,
} from '../checker/environment-sentences.js';
import { snapshotProblem } from '../checker/snapshot-sentences.js';
import { flatCopy, sameNumbers } from '../checker/value-sentences.js';
import type { Environment } from '../environment.js';
import { Rng } from '../random/rng.js';
import { showValue } from '../show-value.js';
import { snapshotsEqual } from '../snapshot.js';
import type { Space } from '../spaces/space.js';
import { svgProblem } from '../svg-problem.js';
import { ensure, ensureNone, ensureThrows, skip } from './checklist.js';
import { ensureSame, goOn, play, playToEnd, randomAction, SEED } from './episodes.js';
import { storedCopy } from './values.js';

/** Checks that both spaces exist and that every observation can be read as a vector of numbers. */
export function checkShapes(environment: Environment, steps: number): void {
  ensureNone(spacesProblem(environment));
  play(environment, steps, {
    onObservation: (method, observation) =>
      ensureNone(shapeProblem(method, environment.observationSpace, observation)),
  });
}

/** Checks that an episode of `maxEpisodeSteps` steps is truncated by the last of them. */
export function checkLimit(environment: Environment, maxEpisodeSteps: number): void {
  let last = play(environment, 0).at(-1)!;
  let length = 0;
  while (length < maxEpisodeSteps && !last.terminated && !last.truncated) {
    last = goOn(environment, last, length, length + 1).at(-1)!;
    length += 1;
  }
  if (length < maxEpisodeSteps) return;
  const found = last.terminated ? 'terminated without truncated' : 'neither terminated nor truncated';
  ensure(
    last.truncated,
    () => `step ${maxEpisodeSteps} of an episode returned ${found}; a time limit must truncate`,
  );
}

/** Checks that a space contains its samples and recovers them from their flat form. */
export function checkSpace(name: string, space: Space<unknown>): void {
  const { names, flatSize } = space;
  ensure(
    names === undefined || names.length === flatSize,
    () => `${name}: expected ${flatSize} names, one for each entry, got ${names?.length}`,
  );
  ensure(
    Number.isInteger(space.flatSize) && space.flatSize > 0,
    () => `${name}.flatSize is ${showValue(space.flatSize)}`,
  );
  const rng = Rng.fromSeed(SEED);
  for (let i = 0; i < 20; i++) {
    const value = space.sample(rng);
    ensure(space.contains(value), () => `${name} does not contain its sample ${showValue(value)}`);
    const back = space.unflatten(flatCopy(space, value));
    ensure(space.contains(back), () => `${name} does not contain ${showValue(back)}, its unflattened sample`);
    ensure(
      sameNumbers(flatCopy(space, back), flatCopy(space, value)),
      () => `${name} unflattens the flat form of ${showValue(value)} to ${showValue(back)}`,
    );
  }
}

/** Between how many steps of an episode pictures are checked. */
const DRAWN_STEPS = 12;

/** Checks that an environment can be drawn after a reset and between steps, and that drawing it leaves no trace. */
export async function checkPictures(make: () => Promise<Environment>, steps: number): Promise<void> {
  const environment = await make();
  if (environment.render === undefined) skip('the environment has no render method');
  const draw = async (when: string) => {
    const picture: unknown = await environment.render!();
    const problem = pictureProblem(picture) ?? svgProblem(picture as string);
    ensure(problem === undefined, () => `${when}, render: ${problem}`);
    ensure(picture === (await environment.render!()), () => `${when}: two pictures of one state differ`);
  };
  const expected = play(await make(), Math.min(steps, DRAWN_STEPS));
  let drawn = play(environment, 0);
  await draw('after a reset');
  for (let t = 0; t + 1 < expected.length && drawn.length < expected.length; t++) {
    drawn = [...drawn, ...goOn(environment, drawn.at(-1)!, t, t + 1)];
    await draw(`after ${drawn.length - 1} steps`);
  }
  ensureSame('an environment that was drawn', expected, drawn.slice(0, expected.length));
}

/** Checks that getState and setState continue bit for bit, in the same environment and in a new one. */
export async function checkState(make: () => Promise<Environment>, steps: number): Promise<void> {
  const half = Math.ceil(steps / 2);
  const environment = await make();
  const { getState, setState } = environment;
  if (getState === undefined && setState === undefined) skip('the environment has neither method');
  ensureNone(stateProblem(environment));

  const head = play(environment, half);
  const last = head.at(-1)!;
  const state = environment.getState!();
  ensureNone(snapshotProblem('getState', state));
  const stored = storedCopy(state);
  const tail = goOn(environment, last, half, steps);
  ensureSame('an environment after getState', play(await make(), steps), [...head, ...tail]);
  ensure(
    snapshotsEqual({ ...storedCopy(state), rows: {} }, { ...stored, rows: {} }),
    () => 'the state that getState returned changed when the environment went on; return copies',
  );

  const restored = await make();
  restored.setState!(stored);
  ensure(
    snapshotsEqual(storedCopy(restored.getState!()), stored),
    () => 'getState right after setState returns a different state from the one set',
  );
  ensureSame('a new environment after setState', tail, goOn(restored, last, half, steps));
  environment.setState!(stored);
  ensureSame('the environment itself, set back', tail, goOn(environment, last, half, steps));

  if (!playToEnd(environment, steps)) return;
  const ended = await make();
  ended.setState!(storedCopy(environment.getState!()));
  ensureThrows("step after restoring an episode's end", 'INVALID_STATE', () =>
    ended.step(randomAction(ended, 0)),
  );
}
