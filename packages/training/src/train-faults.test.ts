import {
  AgentFaultError,
  Box,
  type Environment,
  EnvironmentFaultError,
  type RunEvent,
  type Snapshot,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.js';
import { MemoryRunStorage } from './memory-run-storage.js';
import { StatefulCorridor } from './test-support/corridor.js';
import { DivergingAgent, PointEnvironment } from './test-support/diverging.js';
import { corridorRun, reproducible } from './test-support/runs.js';
import { train } from './train.js';

const failureOf = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => new Error('nothing failed'),
    (error: Error) => error,
  );

/** A corridor with other methods, as JavaScript lets anybody write it. */
function corridor(changes: (sound: StatefulCorridor) => Record<string, unknown>): Environment {
  const sound = new StatefulCorridor();
  const own = changes({
    reset: sound.reset.bind(sound),
    step: sound.step.bind(sound),
    getState: sound.getState.bind(sound),
  } as unknown as StatefulCorridor);
  return Object.assign(sound, own);
}

const thrown = (value: unknown) => () => {
  throw value;
};

/** Faults of environments: what is wrong, the environment, a part of what is said. */
const ENVIRONMENTS: readonly (readonly [string, () => Environment, string])[] = [
  [
    'done in place of flags',
    () =>
      corridor(({ step }) => ({
        step: (action: number) => {
          const { observation, reward, terminated, info } = step(action);
          return { observation, reward, done: terminated, info };
        },
      })),
    'step returned terminated undefined and done, as in old versions of Gym; return terminated if',
  ],
  [
    'arrays as in Python',
    () => corridor(({ step }) => ({ step: (action: number) => Object.values(step(action)) })),
    "step returned an array of 5, as in Python's Gym and Gymnasium; return { observation, reward,",
  ],
  [
    'a bare observation from reset',
    () => corridor(({ reset }) => ({ reset: () => reset().observation })),
    'reset returned the observation alone, ',
  ],
  [
    'reset that gives nothing',
    () => corridor(() => ({ reset: () => undefined })),
    'reset returned undefined; return { observation, info }',
  ],
  [
    'reset that returns a promise',
    () => corridor(({ reset }) => ({ reset: () => Promise.resolve(reset()) })),
    'reset returned a promise; an environment is synchronous once made',
  ],
  [
    'step that returns a promise that is rejected',
    () => corridor(() => ({ step: () => Promise.reject(new Error('late')) })),
    'step returned a promise; an environment is synchronous once made',
  ],
  [
    'no observation',
    () => corridor(() => ({ reset: () => ({ obs: 1 }) })),
    'with the keys obs and no observation',
  ],
  [
    'a null observation',
    () => corridor(() => ({ reset: () => ({ observation: null, info: {} }) })),
    'reset returned an observation that does not fit Discrete(8)',
  ],
  [
    'an observation outside of its space',
    () => corridor(({ step }) => ({ step: (action: number) => ({ ...step(action), observation: 8 }) })),
    'expected an integer from 0 to 7 for Discrete(8), got 8',
  ],
  ...(['1', 1n, undefined, Number.NaN, Number.POSITIVE_INFINITY, null, [1]] as const).map(
    (reward) =>
      [
        `a reward of ${String(reward)}`,
        () => corridor(({ step }) => ({ step: (action: number) => ({ ...step(action), reward }) })),
        'step returned the reward ',
      ] as const,
  ),
  [
    'flags that are numbers',
    () => corridor(({ step }) => ({ step: (action: number) => ({ ...step(action), truncated: 0 }) })),
    'step returned truncated 0; expected true or false',
  ],
  [
    'a duration that is none',
    () => corridor(({ step }) => ({ step: (action: number) => ({ ...step(action), duration: Number.NaN }) })),
    'step returned the duration NaN',
  ],
  [
    'a thrown error',
    () => corridor(() => ({ step: thrown(new TypeError('no wind')) })),
    'threw TypeError: no wind (at',
  ],
  ['a thrown text', () => corridor(() => ({ step: thrown('no wind') })), 'step threw "no wind"'],
  ['a thrown null', () => corridor(() => ({ reset: thrown(null) })), 'reset threw null'],
  [
    'an error that cannot be read',
    () =>
      corridor(() => ({ step: thrown(Object.defineProperty(new Error(), 'message', { get: thrown(1) })) })),
    'step threw an error that cannot be read',
  ],
  [
    'results that throw when they are read',
    () => corridor(() => ({ step: () => Object.defineProperty({}, 'observation', { get: thrown('no') }) })),
    'step threw "no"',
  ],
  [
    'a missing space',
    () => corridor(() => ({ actionSpace: undefined })),
    'actionSpace is undefined, which is not a space',
  ],
  [
    'a space that is none',
    () => corridor(() => ({ observationSpace: { shape: [3], low: -1, high: 1 } })),
    'which is not a space: it has no sample method',
  ],
  [
    'a space that cannot be read',
    () =>
      Object.defineProperty(new StatefulCorridor(), 'observationSpace', { get: thrown(new Error('later')) }),
    'its spaces threw Error: later',
  ],
  [
    'a state that is not a snapshot',
    () => corridor(() => ({ getState: () => [1, 2] })),
    'getState returned [1, 2]; return { arrays, metadata }',
  ],
  [
    'a state whose arrays are plain',
    () => corridor(() => ({ getState: () => ({ arrays: { q: [1, 2] }, metadata: {} }) })),
    'getState returned the array q = [1, 2]; return { shape, data }',
  ],
  [
    'a state that JSON cannot hold',
    () => corridor(() => ({ getState: () => ({ arrays: {}, metadata: { rng: 1n } }) })),
    'getState returned metadata.rng = 1n, which JSON cannot hold',
  ],
  [
    'a state that throws',
    () => corridor(() => ({ getState: thrown(new RangeError('gone')) })),
    'getState threw RangeError',
  ],
];

describe('an environment that breaks its contract', () => {
  it.each(ENVIRONMENTS)('is named: %s', async (_, make, sentence) => {
    for (const check of [true, false]) {
      for (const which of ['environment', 'evaluationEnvironment'] as const) {
        const options = { ...corridorRun({ storage: new MemoryRunStorage(), [which]: make() }), check };
        const failure = await failureOf(train(options));
        expect(failure).toBeInstanceOf(EnvironmentFaultError);
        expect(failure.message).toContain(sentence);
        expect(failure.message).toMatch(/^environment StatefulCorridor(, |: )/);
        expect(failure.message).toMatch(/correct the environment and resume\.$/);
      }
    }
  });

  it('keeps what it threw as the cause, and says where', async () => {
    const cause = new TypeError('no wind');
    const environment = corridor(({ step }) => {
      let steps = 0;
      return {
        step: (action: number) => {
          if (++steps === 137) throw cause;
          return step(action);
        },
      };
    });
    const failure = await failureOf(train(corridorRun({ environment })));
    expect(failure.cause).toBe(cause);
    expect(failure.message).toMatch(
      /^environment StatefulCorridor, environment step 137: step threw TypeError/,
    );
  });

  it('is one where a step throws after the end of an episode that it did not tell', async () => {
    let ended = false;
    const environment = corridor(({ step }) => ({
      step: (action: number) => {
        const result = step(action);
        ended ||= result.terminated;
        return { ...result, terminated: false, ...(ended && { observation: -1 }) };
      },
    }));
    const failure = await failureOf(evaluate({ ...evaluation(), environment }));
    expect(failure).toBeInstanceOf(EnvironmentFaultError);
    expect(failure.message).toMatch(/, step \d+ of evaluation episode 1: step returned an observation/);
  });
});

const evaluation = () => ({
  policy: corridorRun().agent,
  environment: new StatefulCorridor() as Environment,
  episodes: 5,
  seed: 3,
  deterministic: false,
});

/** A point that gives away the array it goes on writing into. */
class Reusing extends PointEnvironment {
  private readonly buffer = new Float64Array(1);

  override reset() {
    this.buffer.set(super.reset().observation);
    return { observation: this.buffer, info: {} };
  }

  override step(action: Float64Array) {
    const result = super.step(action);
    this.buffer.set(result.observation);
    return { ...result, observation: this.buffer };
  }
}

/** A point that clips its action in place. */
class Clipping extends PointEnvironment {
  override step(action: Float64Array) {
    const result = super.step(action);
    action[0]! *= 0.5;
    return result;
  }
}

const pointRun = (environment: Environment) => ({
  ...corridorRun({ environment, evaluationEnvironment: new PointEnvironment() }),
  agent: new DivergingAgent(1e9),
});

describe('the passive check', () => {
  it.each([
    [
      'infos',
      corridor(({ step }) => ({ step: (action: number) => ({ ...step(action), info: undefined }) })),
      'step returned the info undefined',
    ],
    [
      'setState',
      corridor(() => ({ setState: undefined })),
      'only getState exists; implement both or neither',
    ],
  ])('misses %s', async (_, environment, sentence) => {
    expect((await failureOf(train(corridorRun({ environment })))).message).toContain(sentence);
    const storage = new MemoryRunStorage();
    expect((await train({ ...corridorRun({ storage, environment }), check: false })).outcome).toBe(
      'completed',
    );
  });

  it('finds a space that changes', async () => {
    let size = 1;
    const environment = Object.defineProperty(new PointEnvironment(), 'observationSpace', {
      get: () => new Box({ low: -10, high: size++ < 3 ? 10 : 11, shape: [1], dataType: 'float64' }),
    });
    expect((await failureOf(train(pointRun(environment)))).message).toMatch(
      /observationSpace changed from Box.*10.* to Box.*11/,
    );
  });

  it.each(['observationSpace', 'actionSpace'] as const)(
    'finds bounds of its %s that change',
    async (name) => {
      const environment = new PointEnvironment();
      const space = new Box({ low: -10, high: 10, shape: [1], dataType: 'float64' });
      Object.defineProperty(environment, name, { value: space });
      const reset = environment.reset.bind(environment);
      environment.reset = () => {
        space.high[0]! += 1;
        return reset();
      };
      expect((await failureOf(train(pointRun(environment)))).message).toMatch(
        new RegExp(`${name} changed from Box.*10.* to Box.*11.*; it must stay the same`),
      );
    },
  );

  it.each([0, -5, 2.5, Number.NaN, '20'])('finds a time limit of %o', async (maxEpisodeSteps) => {
    const environment = Object.assign(new PointEnvironment(), { maxEpisodeSteps }) as Environment;
    expect((await failureOf(train({ ...pointRun(environment), check: false }))).message).toContain(
      '; expected a positive integer, or null for no limit',
    );
  });

  it.each([null, Number.POSITIVE_INFINITY])('takes a time limit of %o for none', async (maxEpisodeSteps) => {
    const environment = Object.assign(new PointEnvironment(), { maxEpisodeSteps }) as unknown as Environment;
    expect((await train(pointRun(environment))).outcome).toBe('completed');
  });

  it('refuses an observation that no checkpoint could hold at the first reset', async () => {
    const environment = new PointEnvironment();
    environment.reset = () => ({ observation: Int16Array.of(1) as unknown as Float64Array, info: {} });
    expect((await failureOf(train({ ...pointRun(environment), check: false }))).message).toContain(
      'expected a Float32Array or Float64Array, got Int16Array(1) [1]',
    );
  });

  const warningsOf = async (environment: Environment, more = {}) => {
    const warnings: string[] = [];
    const listener = (event: RunEvent) => {
      if (event.type === 'warning') warnings.push(event.message);
    };
    await train({ ...pointRun(environment), listeners: [listener], ...more });
    return warnings;
  };

  it.each([
    [
      'observation that is reused',
      new Reusing(),
      'observation 0 changed when the environment went on; return a copy',
    ],
    ['action that is written into', new Clipping(), 'step wrote into the action it was given; change a copy'],
  ])('warns once of an %s, of which the agent sees nothing', async (_, environment, sentence) => {
    expect(await warningsOf(environment)).toEqual([
      `environment PointEnvironment, environment step 1: ${sentence}`.replace(
        'PointEnvironment',
        environment.constructor.name,
      ),
    ]);
    const seenIn = async (made: Environment) => {
      const run = pointRun(made);
      const seen: unknown[] = [];
      run.agent.observe = (transition?: unknown) => void seen.push(structuredClone(transition));
      await train(run);
      return seen;
    };
    expect(await seenIn(environment)).toEqual(await seenIn(new PointEnvironment()));
  });

  it('warns once of observations beyond their bounds', async () => {
    const environment = Object.assign(new PointEnvironment(), {
      observationSpace: new Box({ low: [-10], high: [0.5], dataType: 'float64' }),
    });
    expect(await warningsOf(environment)).toEqual([
      expect.stringMatching(
        /^environment PointEnvironment, the reset of training episode 1: reset returned the observation .* entry 0 is 1, outside \[-10, 0.5\]$/,
      ),
    ]);
    expect(await warningsOf(environment, { check: false })).toEqual([]);
  });

  it('warns once of another data type', async () => {
    const environment = Object.assign(new PointEnvironment(), {
      observationSpace: new Box({ low: [-10], high: [10] }),
    });
    expect(await warningsOf(environment)).toEqual([
      expect.stringContaining('reset returned float64 where the space says float32'),
    ]);
  });

  it('warns of an end that reset does not clear', async () => {
    let over = false;
    const environment = corridor(({ step }) => ({
      step: (action: number) => {
        const result = step(action);
        over ||= result.terminated || result.truncated;
        return { ...result, terminated: over };
      },
    }));
    const warnings: string[] = [];
    const listener = (event: RunEvent) => {
      if (event.type === 'warning') warnings.push(event.message);
    };
    await train(corridorRun({ environment, listeners: [listener] }));
    expect(warnings).toEqual([
      expect.stringContaining('every episode after the first was terminated by its first step'),
    ]);
  });

  it('ends after three episodes, or 1,000 steps', async () => {
    let looks = 0;
    const environment = new PointEnvironment();
    const { observationSpace } = environment;
    Object.defineProperty(environment, 'observationSpace', {
      get: () => {
        looks += 1;
        return observationSpace;
      },
    });
    await train(pointRun(environment));
    expect(looks).toBeGreaterThan(90);
    expect(looks).toBeLessThan(110);
  });

  it('changes no number', async () => {
    const [checked, unchecked] = [new MemoryRunStorage(), new MemoryRunStorage()];
    await train(corridorRun({ storage: checked }));
    await train({ ...corridorRun({ storage: unchecked }), check: false });
    expect(reproducible(checked.rows)).toEqual(reproducible(unchecked.rows));
  });
});

describe('an agent that breaks its contract', () => {
  const changed = (changes: object) => {
    const options = corridorRun({ storage: new MemoryRunStorage() });
    Object.assign(options.agent, changes);
    return options;
  };

  it.each([
    ['no action', { act: () => undefined }, 'act returned an action that does not fit Discrete(2)'],
    [
      'an action that does not exist',
      { act: () => 2 },
      'expected an integer from 0 to 1 for Discrete(2), got 2',
    ],
    ['a promise of an action', { act: () => Promise.reject(new Error('late')) }, 'act returned a promise'],
    ['act that throws', { act: thrown('no idea') }, 'act threw "no idea"'],
    [
      'observe that returns a promise',
      { observe: () => Promise.reject(new Error('late')) },
      'observe returned a promise',
    ],
    [
      'update that gives nothing',
      { update: () => undefined },
      'update returned undefined; return { gradientSteps, metrics }',
    ],
    [
      'half a gradient step',
      { update: () => ({ gradientSteps: 0.5, metrics: () => ({}) }) },
      'update returned 0.5 gradient',
    ],
    [
      'metrics that are not a function',
      { update: () => ({ gradientSteps: 1, metrics: {} }) },
      'update returned the metrics {}',
    ],
    [
      'metrics that are not numbers',
      { update: () => ({ gradientSteps: 1, metrics: () => ({ loss: '1' }) }) },
      'metric loss is "1"; expected a number',
    ],
    [
      'save without arrays',
      { save: () => ({ weights: [1] }) as unknown as Snapshot },
      'save returned the arrays undefined',
    ],
    ['save that throws', { save: thrown(new TypeError('no disk')) }, 'save threw TypeError: no disk'],
  ])('is named: %s', async (_, changes, sentence) => {
    for (const check of [true, false]) {
      const failure = await failureOf(train({ ...changed(changes), check }));
      expect(failure).toBeInstanceOf(AgentFaultError);
      expect(failure.message).toContain(sentence);
      expect(failure.message).toMatch(/^agent TabularAgent, environment step \d+: .*Correct the agent\.$/);
    }
  });

  it('is one that acts with NaN before it has learned anything', async () => {
    const agent = Object.assign(new DivergingAgent(1e9), { act: () => Float64Array.of(Number.NaN) });
    const failure = await failureOf(train({ ...pointRun(new PointEnvironment()), agent }));
    expect(failure).toBeInstanceOf(AgentFaultError);
    expect(failure.message).toContain('which is not in Box(1, float64): entry 0 is NaN');
  });

  it('is one that writes into what it observes', async () => {
    const agent = new DivergingAgent(1e9);
    const act = agent.act.bind(agent);
    agent.act = (observation) => {
      observation[0]! *= 0.5;
      return act(observation);
    };
    const failure = await failureOf(train({ ...pointRun(new PointEnvironment()), agent }));
    expect(failure.message).toContain('act wrote into the observation it was given');
  });
});
