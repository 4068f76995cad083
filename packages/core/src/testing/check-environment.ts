import {
  changedObservation,
  dataTypeProblem,
  finitenessProblem,
  infoProblem,
  numbersProblem,
  outsideProblem,
  WROTE_INTO_ACTION,
} from '../checker/environment-sentences.js';
import { flatCopy, sameNumbers } from '../checker/value-sentences.js';
import type { Environment } from '../environment.js';
import { Rng } from '../random/rng.js';
import { showValue } from '../show-value.js';
import { Checklist, type ConformanceReport, ensure, ensureNone, ensureThrows, skip } from './checklist.js';
import { checkLimit, checkPictures, checkShapes, checkSpace, checkState } from './environment-trials.js';
import { ensureSame, firstDifference, goOn, play, playToEnd, SEED } from './episodes.js';
import { malformedActions, scribble, storedCopy } from './values.js';

export interface CheckEnvironmentOptions {
  /** Names the environment in messages. Default `environment`. */
  readonly name?: string;
  /** How many steps per trial; rules on an episode's end are skipped if none ends within them. Default 250. */
  readonly steps?: number;
  /** Set it if the environment draws no random numbers at all, so that seeds need not matter. */
  readonly deterministic?: boolean;
  /** Set it if the environment limits its episodes: an episode that gets this far must be truncated by that step. */
  readonly maxEpisodeSteps?: number;
}

type Factory = () => Environment | Promise<Environment>;

const DEFAULT_STEPS = 250;

/**
 * Tests an environment against the contract of `Environment` with random actions. `factory` makes a new one each time.
 * Throws ConformanceError that lists every violated rule.
 */
export async function checkEnvironment(
  factory: Factory,
  {
    name = 'environment',
    steps = DEFAULT_STEPS,
    deterministic = false,
    maxEpisodeSteps,
  }: CheckEnvironmentOptions = {},
): Promise<ConformanceReport> {
  const list = new Checklist(name);
  await list.rule('can be made and closed', () => closingAll(factory, async (make) => void (await make())));
  if (list.clean) {
    await list.rule('observations have the shape of the space', () =>
      closingAll(factory, async (make) => checkShapes(await make(), steps)),
    );
  }
  // If observations cannot be read, nothing can be compared.
  if (list.clean) {
    for (const [title, check] of Object.entries(RULES)) {
      await list.rule(title, () => closingAll(factory, (make) => check({ make, steps, deterministic })));
    }
    if (maxEpisodeSteps !== undefined) {
      await list.rule('episodes are truncated at their limit', () =>
        closingAll(factory, async (make) => checkLimit(await make(), maxEpisodeSteps)),
      );
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
        ensureNone(outsideProblem(method, space, observation));
        ensureNone(finitenessProblem(method, observation));
      },
    });
  },
  'observations have the data type of the space': async ({ make, steps }) => {
    const environment = await make();
    play(environment, steps, {
      onObservation: (method, observation) => {
        ensureNone(dataTypeProblem(method, environment.observationSpace, observation));
      },
    });
  },
  'rewards are finite, flags boolean, infos objects': async ({ make, steps }) => {
    play(await make(), steps, {
      onReset: (result) => ensureNone(infoProblem('reset', result)),
      onStep: (result) => ensureNone(numbersProblem(result) ?? infoProblem('step', result)),
    });
  },
  'equal seeds give equal episodes': async ({ make, steps }) => {
    const first = await make();
    const expected = play(first, steps);
    ensureSame('a second environment', expected, play(await make(), steps));
    ensureSame('the same environment, reset with the same seed', expected, play(first, steps));
  },
  'if no seed was ever given, seed 0 is used': async ({ make, steps }) => {
    const environment = await make();
    const unseeded = play(environment, steps, {}, null);
    ensureSame('an environment that was never given a seed', play(await make(), steps, {}, 0), unseeded);
  },
  'different seeds give different episodes': async ({ make, steps, deterministic }) => {
    if (deterministic) skip('the option deterministic is set');
    const expected = play(await make(), steps);
    const environment = await make();
    const others = [1, 2, 3].map((offset) => play(environment, steps, {}, SEED + offset));
    ensure(
      others.some((events) => firstDifference(expected, events) !== undefined),
      () =>
        'four seeds gave the same observations and rewards; if nothing is random, pass { deterministic: true }',
    );
  },
  'environments do not disturb each other': async ({ make, steps }) => {
    const expected = play(await make(), steps);
    const [first, second] = [await make(), await make()];
    const events = play(first, 0);
    let other = play(second, 0, {}, SEED + 1).at(-1)!;
    for (let t = 0; t < steps; t++) {
      events.push(...goOn(first, events.at(-1)!, t, t + 1));
      other = goOn(second, other, t, t + 1).at(-1)!;
    }
    ensureSame('an environment, while another one was stepped,', expected, events);
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
    ensure(changed === -1, () => changedObservation(changed));
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
        ensure(sameNumbers(flatCopy(actionSpace, action), before), () => WROTE_INTO_ACTION),
    });
  },
  'malformed actions are refused': async ({ make }) => {
    const environment = await make();
    for (const action of malformedActions(environment.actionSpace)) {
      environment.reset({ seed: SEED });
      ensureThrows(`step(${showValue(action)})`, 'SPACE_MISMATCH', () => environment.step(action));
    }
  },
  'step needs a running episode': async ({ make, steps }) => {
    const environment = await make();
    const action = environment.actionSpace.sample(Rng.fromSeed(SEED));
    ensureThrows('step before the first reset', 'INVALID_STATE', () => environment.step(action));
    if (!playToEnd(environment, steps)) skip(`no episode ended within ${steps} steps`);
    ensureThrows("step after an episode's end", 'INVALID_STATE', () => environment.step(action));
    environment.reset();
    environment.step(action);
  },
  'getState and setState continue bit for bit': ({ make, steps }) => checkState(make, steps),
  'observe shows the state that was set': async ({ make, steps }) => {
    const environment = await make();
    if (environment.observe === undefined) skip('the environment has no observe method');
    if (environment.getState === undefined || environment.setState === undefined) {
      skip('the environment has no setState method');
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
    ensure(space.contains(a), () => `it returned ${showValue(a)}, which is not in ${space.toString()}`);
    ensure(
      sameNumbers(flatCopy(space, a), flatCopy(space, b)),
      () => `the same state showed as ${showValue(a)}, then as ${showValue(b)}`,
    );
    const further = (chosen: Environment) => goOn(chosen, last, steps, 2 * steps);
    ensureSame('an environment after observe', further(quiet), further(first));
  },
  'pictures are SVG documents and change nothing': ({ make, steps }) => checkPictures(make, steps),
  'nothing runs after close, which may be called again': async ({ make }) => {
    const environment = await make();
    const action = environment.actionSpace.sample(Rng.fromSeed(SEED));
    environment.reset({ seed: SEED });
    environment.close();
    environment.close();
    ensureThrows('step after close', 'INVALID_STATE', () => environment.step(action));
    ensureThrows('reset after close', 'INVALID_STATE', () => environment.reset());
  },
};

/** Gives `check` a factory and closes whatever it made. */
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
