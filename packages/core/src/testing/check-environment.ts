import type { Environment } from '../environment.js';
import { InvalidStateError, SpaceMismatchError } from '../errors.js';
import { Rng } from '../random/rng.js';
import { snapshotsEqual } from '../snapshot.js';
import type { Space } from '../spaces/space.js';
import { Checklist, type ConformanceReport, ensure, ensureThrows, skip } from './checklist.js';
import { ensureSame, firstDifference, goOn, play, playToEnd, randomAction, SEED } from './episodes.js';
import { flatCopy, malformedActions, sameNumbers, scribble, show, storedCopy } from './values.js';

export interface CheckEnvironmentOptions {
  /** Names the environment in messages. Default `environment`. */
  readonly name?: string;
  /** Steps per trial; rules on an episode's end are skipped when none ends within them. Default 250. */
  readonly steps?: number;
  /** Set when the environment draws no random numbers at all, so that seeds are not expected to matter. */
  readonly deterministic?: boolean;
}

type Factory = () => Environment | Promise<Environment>;

const DEFAULT_STEPS = 250;

/**
 * Tries an environment against the contract of `Environment` with random actions. `factory` makes a new one each
 * time. Throws ConformanceError that lists every violated rule.
 */
export async function checkEnvironment(
  factory: Factory,
  { name = 'environment', steps = DEFAULT_STEPS, deterministic = false }: CheckEnvironmentOptions = {},
): Promise<ConformanceReport> {
  const list = new Checklist(name);
  await list.rule('can be made and closed', () => closingAll(factory, async (make) => void (await make())));
  if (list.clean) {
    for (const [title, check] of Object.entries(RULES)) {
      await list.rule(title, () => closingAll(factory, (make) => check({ make, steps, deterministic })));
    }
  }
  return list.finish();
}

interface Trial {
  readonly make: () => Promise<Environment>;
  readonly steps: number;
  readonly deterministic: boolean;
}

const RULES: Readonly<Record<string, (trial: Trial) => Promise<void>>> = {
  'spaces contain their samples': async ({ make }) => {
    const { observationSpace, actionSpace } = await make();
    checkSpace('observationSpace', observationSpace);
    checkSpace('actionSpace', actionSpace);
  },
  'observations belong to the space and are finite': async ({ make, steps }) => {
    const environment = await make();
    const space = environment.observationSpace;
    play(environment, steps, {
      onObservation: (method, observation) => {
        const found = `${method} gave the observation ${show(observation)}`;
        ensure(space.contains(observation), () => `${found}, which is not in ${space.toString()}`);
        ensure(flatCopy(space, observation).every(Number.isFinite), () => found);
      },
    });
  },
  'rewards are finite, flags boolean, infos objects': async ({ make, steps }) => {
    play(await make(), steps, {
      onReset: ({ info }) => ensure(isObject(info), () => `reset gave the info ${show(info)}`),
      onStep: ({ reward, terminated, truncated, info }) => {
        ensure(Number.isFinite(reward), () => `step gave the reward ${show(reward)}`);
        ensure(typeof terminated === 'boolean', () => `step gave terminated ${show(terminated)}`);
        ensure(typeof truncated === 'boolean', () => `step gave truncated ${show(truncated)}`);
        ensure(isObject(info), () => `step gave the info ${show(info)}`);
      },
    });
  },
  'equal seeds give equal episodes': async ({ make, steps }) => {
    const first = await make();
    const expected = play(first, steps);
    ensureSame('a second environment', expected, play(await make(), steps));
    ensureSame('the same environment, reset with the same seed', expected, play(first, steps));
  },
  'without a seed, episodes are those of seed 0': async ({ make, steps }) => {
    const environment = await make();
    const unseeded = play(environment, steps, {}, null);
    ensureSame('an environment that was never given a seed', play(await make(), steps, {}, 0), unseeded);
  },
  'different seeds give different episodes': async ({ make, steps, deterministic }) => {
    if (deterministic) skip('the environment is said to be deterministic');
    const expected = play(await make(), steps);
    const environment = await make();
    const others = [1, 2, 3].map((offset) => play(environment, steps, {}, SEED + offset));
    ensure(
      others.some((events) => firstDifference(expected, events) !== undefined),
      () =>
        'four seeds gave the same observations and rewards; if nothing is random, pass { deterministic: true }',
    );
  },
  'observations belong to the caller': async ({ make, steps }) => {
    const kept: { observation: unknown; numbers: Float64Array }[] = [];
    const environment = await make();
    const space = environment.observationSpace;
    const keep = ({ observation }: { observation: unknown }) =>
      kept.push({ observation, numbers: flatCopy(space, observation) });
    const expected = play(environment, steps, { onReset: keep, onStep: keep });
    const changed = kept.findIndex(
      ({ observation, numbers }) => !sameNumbers(flatCopy(space, observation), numbers),
    );
    ensure(
      changed === -1,
      () => `observation ${changed} changed when the environment went on; give away a copy`,
    );
    const scribbled = play(await make(), steps, {
      onReset: ({ observation }) => scribble(observation),
      onStep: ({ observation }) => scribble(observation),
    });
    ensureSame('an environment whose observations the caller overwrote', expected, scribbled);
  },
  'actions are left alone': async ({ make, steps }) => {
    const environment = await make();
    const { actionSpace } = environment;
    let before: Float64Array = new Float64Array(0);
    play(environment, steps, {
      beforeStep: (action) => {
        before = flatCopy(actionSpace, action);
      },
      onStep: (_, action) =>
        ensure(
          sameNumbers(flatCopy(actionSpace, action), before),
          () => 'step wrote into the action it was given',
        ),
    });
  },
  'malformed actions are refused': async ({ make }) => {
    const environment = await make();
    for (const action of malformedActions(environment.actionSpace)) {
      environment.reset({ seed: SEED });
      ensureThrows(`step(${show(action)})`, SpaceMismatchError, () => environment.step(action));
    }
  },
  'step needs a running episode': async ({ make, steps }) => {
    const environment = await make();
    const action = environment.actionSpace.sample(Rng.fromSeed(SEED));
    ensureThrows('step before the first reset', InvalidStateError, () => environment.step(action));
    if (!playToEnd(environment, steps)) skip(`no episode ended within ${steps} steps`);
    ensureThrows("step after an episode's end", InvalidStateError, () => environment.step(action));
    environment.reset();
    environment.step(action);
  },
  'getState and setState continue bit for bit': ({ make, steps }) => checkState(make, steps),
  'observe shows the state that was set': async ({ make, steps }) => {
    const environment = await make();
    if (environment.observe === undefined) skip('the environment does not offer it');
    if (environment.getState === undefined || environment.setState === undefined) {
      skip('the environment has no state to set');
    }
    const last = play(environment, steps).at(-1)!;
    const stored = storedCopy(environment.getState());
    const restored = async () => {
      const another = await make();
      another.setState?.(stored);
      return another;
    };
    const space = environment.observationSpace;
    const [quiet, first, second] = [await restored(), await restored(), await restored()];
    const [a, b] = [first.observe?.(), second.observe?.()];
    ensure(space.contains(a), () => `it gave ${show(a)}, which is not in ${space.toString()}`);
    ensure(
      sameNumbers(flatCopy(space, a), flatCopy(space, b)),
      () => `the same state showed as ${show(a)}, then as ${show(b)}`,
    );
    const further = (chosen: Environment) => goOn(chosen, last, steps, 2 * steps);
    ensureSame('an environment after observe', further(quiet), further(first));
  },
  'close ends everything, and may be called again': async ({ make }) => {
    const environment = await make();
    const action = environment.actionSpace.sample(Rng.fromSeed(SEED));
    environment.reset({ seed: SEED });
    environment.close();
    environment.close();
    ensureThrows('step after close', InvalidStateError, () => environment.step(action));
    ensureThrows('reset after close', InvalidStateError, () => environment.reset());
  },
};

/** Hands `check` a factory and closes whatever it made. */
async function closingAll(factory: Factory, check: (make: Trial['make']) => Promise<void>): Promise<void> {
  const made: Environment[] = [];
  try {
    await check(async () => {
      const environment = await factory();
      made.push(environment);
      return environment;
    });
  } finally {
    for (const environment of made) environment.close();
  }
}

function checkSpace(name: string, space: Space<unknown>): void {
  ensure(
    Number.isInteger(space.flatSize) && space.flatSize > 0,
    () => `${name}.flatSize is ${show(space.flatSize)}`,
  );
  const rng = Rng.fromSeed(SEED);
  for (let i = 0; i < 20; i++) {
    const value = space.sample(rng);
    ensure(space.contains(value), () => `${name} does not contain its sample ${show(value)}`);
    const back = space.unflatten(flatCopy(space, value));
    ensure(space.contains(back), () => `${name} does not contain ${show(back)}, its unflattened sample`);
    ensure(
      sameNumbers(flatCopy(space, back), flatCopy(space, value)),
      () => `${name} unflattens the flat form of ${show(value)} to ${show(back)}`,
    );
  }
}

async function checkState(make: Trial['make'], steps: number): Promise<void> {
  const half = Math.ceil(steps / 2);
  const environment = await make();
  const { getState, setState } = environment;
  if (getState === undefined && setState === undefined) skip('the environment offers neither');
  ensure(
    getState !== undefined && setState !== undefined,
    () => `only ${getState === undefined ? 'setState' : 'getState'} exists; offer both or neither`,
  );

  const head = play(environment, half);
  const last = head.at(-1)!;
  const state = environment.getState!();
  const stored = storedCopy(state);
  const tail = goOn(environment, last, half, steps);
  ensureSame('an environment after getState', play(await make(), steps), [...head, ...tail]);
  ensure(
    snapshotsEqual({ ...storedCopy(state), rows: {} }, { ...stored, rows: {} }),
    () => 'the state that getState gave changed when the environment went on; give away copies',
  );

  const restored = await make();
  restored.setState!(stored);
  ensure(
    snapshotsEqual(storedCopy(restored.getState!()), stored),
    () => 'getState right after setState gives another state than was set',
  );
  ensureSame('a new environment after setState', tail, goOn(restored, last, half, steps));
  environment.setState!(stored);
  ensureSame('the environment itself, set back', tail, goOn(environment, last, half, steps));

  if (!playToEnd(environment, steps)) return;
  const ended = await make();
  ended.setState!(storedCopy(environment.getState!()));
  ensureThrows("step after restoring an episode's end", InvalidStateError, () =>
    ended.step(randomAction(ended, 0)),
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
