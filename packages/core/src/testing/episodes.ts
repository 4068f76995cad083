import { resultProblem } from '../checker/environment-sentences.js';
import { flatCopy, sameNumbers } from '../checker/value-sentences.js';
import type { Environment, ResetResult, StepResult } from '../environment.js';
import { Rng } from '../random/rng.js';
import { ensure, ensureNone } from './checklist.js';

/** The result of one reset or step, as numbers; a reset has reward 0. */
export interface Event {
  readonly observation: Float64Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** Watches what passes between environment and caller. */
export interface Watcher {
  /** Called before the observation's numbers are read; the other methods are called after that. */
  onObservation?(method: 'reset' | 'step', observation: unknown): void;
  onReset?(result: ResetResult<unknown>): void;
  beforeStep?(action: unknown): void;
  onStep?(result: StepResult<unknown>, action: unknown): void;
}

export const SEED = 7;

/** Resets with a seed (null for none) and takes `steps` random steps, resetting without a seed after each episode. */
export function play(
  environment: Environment,
  steps: number,
  watcher: Watcher = {},
  seed: number | null = SEED,
): Event[] {
  const first = begin(environment, watcher, seed);
  return [first, ...goOn(environment, first, 0, steps, watcher)];
}

/** Takes the random steps numbered `from` to `to - 1`, after `last`. */
export function goOn(
  environment: Environment,
  last: Event,
  from: number,
  to: number,
  watcher: Watcher = {},
): Event[] {
  const events: Event[] = [];
  let ended = hasEnded(last);
  for (let t = from; t < to; t++) {
    if (ended) events.push(begin(environment, watcher, null));
    const action = randomAction(environment, t);
    watcher.beforeStep?.(action);
    const result = environment.step(action);
    ensureNone(resultProblem('step', result));
    watcher.onObservation?.('step', result.observation);
    const observation = flatCopy(environment.observationSpace, result.observation);
    const { reward, terminated, truncated } = result;
    events.push({ observation, reward, terminated, truncated });
    ended = terminated || truncated;
    watcher.onStep?.(result, action);
  }
  return events;
}

/** Plays on until an episode ends. Returns false if none did within `steps` steps. */
export function playToEnd(environment: Environment, steps: number): boolean {
  let last = begin(environment, {}, SEED);
  for (let t = 0; t < steps; t++) {
    last = goOn(environment, last, t, t + 1)[0]!;
    if (hasEnded(last)) return true;
  }
  return false;
}

/** An action that depends only on the number of the step. */
export function randomAction(environment: Environment, t: number): unknown {
  return environment.actionSpace.sample(Rng.fromSeed(SEED).split(t));
}

/** Fails the running rule unless both are the same episodes. */
export function ensureSame(what: string, expected: readonly Event[], found: readonly Event[]): void {
  const index = firstDifference(expected, found);
  ensure(index === undefined, () => {
    const [a, b] = [expected[index!], found[index!]].map(describe);
    return `${what} diverged at event ${index}: expected ${a}, got ${b}`;
  });
}

/** The index of the first event that is not equal bit for bit. */
export function firstDifference(a: readonly Event[], b: readonly Event[]): number | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    const same =
      x !== undefined &&
      y !== undefined &&
      sameNumbers(x.observation, y.observation) &&
      Object.is(x.reward, y.reward) &&
      x.terminated === y.terminated &&
      x.truncated === y.truncated;
    if (!same) return i;
  }
  return undefined;
}

function begin(environment: Environment, watcher: Watcher, seed: number | null): Event {
  const result = environment.reset(seed === null ? {} : { seed });
  ensureNone(resultProblem('reset', result));
  watcher.onObservation?.('reset', result.observation);
  const observation = flatCopy(environment.observationSpace, result.observation);
  watcher.onReset?.(result);
  return { observation, reward: 0, terminated: false, truncated: false };
}

function hasEnded({ terminated, truncated }: Event): boolean {
  return terminated || truncated;
}

function describe(event: Event | undefined): string {
  if (event === undefined) return 'nothing';
  const { observation, reward, terminated, truncated } = event;
  return `[${observation.join(', ')}], reward ${reward}${terminated ? ', terminated' : ''}${truncated ? ', truncated' : ''}`;
}
