import {
  AgentFaultError,
  DamagedDataError,
  DivergenceError,
  EnvironmentFaultError,
  InvalidInputError,
  type RunEvent,
  SpaceMismatchError,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { MemoryRunStorage } from './memory-run-storage.js';
import { Corridor, StatefulCorridor } from './test-support/corridor.js';
import { corridorRun } from './test-support/runs.js';
import { train } from './train.js';

const failureOf = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => new Error('the run did not fail'),
    (error: Error) => error,
  );

/** A run whose agent's first value becomes `value` at the update of step `at`, after its metrics were taken. */
function spoiledRun(at: number, value: number, changes: Parameters<typeof corridorRun>[0] = {}) {
  const options = corridorRun(changes);
  const update = options.agent.update.bind(options.agent);
  let updates = 0;
  options.agent.update = () => {
    const result = update();
    updates += 1;
    if (updates === at) options.agent.values[3] = value;
    return { ...result, metrics: () => ({ loss: 0 }) };
  };
  return options;
}

describe('a checkpoint', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('with a weight of %s is not written', async (value) => {
    const storage = new MemoryRunStorage();
    const failure = await failureOf(train(spoiledRun(340, value, { storage })));
    expect(failure).toBeInstanceOf(DivergenceError);
    expect(failure.message).toMatch(
      `array "agent/values" holds ${value} at entry 3 at environment step 340: learning has diverged. ` +
        'Start again with a smaller learning rate, or check the scale of rewards and observations. ' +
        'The checkpoint of step 170 is the last good one and is kept.',
    );
    expect((await storage.latestCheckpoint())!.step).toBe(170);
  });

  it('is not needed for a run to be found diverged', async () => {
    const failure = await failureOf(train(spoiledRun(999, Number.NaN)));
    expect(failure).toBeInstanceOf(DivergenceError);
    expect(failure.message).toMatch('There is no earlier checkpoint.');
  });

  it('that is not finite is not continued', async () => {
    const storage = new MemoryRunStorage();
    await train(corridorRun({ storage, steps: 300 }));
    const { snapshot } = (await storage.latestCheckpoint())!;
    (snapshot.arrays['agent/values']!.data as Float64Array)[2] = Number.NaN;
    await storage.saveCheckpoint(300, snapshot);
    const failure = await failureOf(train(corridorRun({ storage, resume: true })));
    expect(failure).toBeInstanceOf(DamagedDataError);
    expect(failure.message).toMatch('checkpoint of step 300: array "agent/values" holds NaN at entry 2');
  });

  it('blames the environment for NaN in its state, and takes its infinities', async () => {
    class Recorder extends StatefulCorridor {
      constructor(private readonly best: number) {
        super();
      }
      override getState() {
        return { ...super.getState(), arrays: { best: { shape: [1], data: Float64Array.of(this.best) } } };
      }
    }
    const run = (best: number) =>
      train(corridorRun({ storage: new MemoryRunStorage(), environment: new Recorder(best) }));
    expect((await run(Number.NEGATIVE_INFINITY)).outcome).toBe('completed');
    const failure = await failureOf(run(Number.NaN));
    expect(failure).toBeInstanceOf(EnvironmentFaultError);
    expect(failure.message).toMatch('array "environment/best" holds NaN');
  });
});

describe('an error that follows from weights that are not finite', () => {
  it.each(['act', 'update', 'observe'] as const)('in %s is called divergence', async (method) => {
    const options = spoiledRun(613, Number.NaN);
    const call = options.agent[method].bind(options.agent) as (...args: unknown[]) => unknown;
    Object.assign(options.agent, {
      [method]: (...args: unknown[]) => {
        if (Number.isNaN(options.agent.values[3])) throw new RangeError('weights[0]: expected more');
        return call(...args);
      },
    });
    const failure = await failureOf(train(options));
    expect(failure).toBeInstanceOf(DivergenceError);
    expect(failure.message).toMatch(/array "values" holds NaN at entry 3 at environment step 61[34]/);
    expect(failure.cause).toBeInstanceOf(AgentFaultError);
    expect((failure.cause as Error).cause).toBeInstanceOf(RangeError);
  });

  it('which the agent finds itself is told with the step', async () => {
    const options = corridorRun();
    const act = options.agent.act.bind(options.agent);
    let acted = 0;
    options.agent.act = (observation, how) => {
      acted += 1;
      if (acted === 100) throw new DivergenceError('the value of action 0 is NaN');
      return act(observation, how);
    };
    const failure = await failureOf(train(options));
    expect(failure).toBeInstanceOf(DivergenceError);
    expect(failure.message).toBe(
      'at environment step 99: the value of action 0 is NaN. There is no earlier checkpoint.',
    );
  });

  it('is a fault of the agent while they are finite', async () => {
    const options = corridorRun();
    options.agent.observe = () => {
      throw new RangeError('a mistake');
    };
    const failure = await failureOf(train(options));
    expect(failure).toBeInstanceOf(AgentFaultError);
    expect(failure.message).toMatch(
      /^agent TabularAgent, environment step \d: observe threw RangeError: a mistake/,
    );
  });
});

describe('whatever shows divergence first', () => {
  const last = 'The checkpoint of step 170 is the last good one and is kept.';

  it('an action: the array behind it and the last good checkpoint are named', async () => {
    const options = spoiledRun(213, Number.NaN, { storage: new MemoryRunStorage() });
    const act = options.agent.act.bind(options.agent);
    options.agent.act = (observation, how) => {
      if (Number.isNaN(options.agent.values[3])) throw new DivergenceError('the action is NaN');
      return act(observation, how);
    };
    const failure = await failureOf(train(options));
    expect(failure).toBeInstanceOf(DivergenceError);
    expect(failure.message).toBe(
      `at environment step 213: the action is NaN. The agent's array "values" holds NaN at entry 3. ${last}`,
    );
  });

  it('a metric: the last good checkpoint is named', async () => {
    const options = corridorRun({ storage: new MemoryRunStorage() });
    const update = options.agent.update.bind(options.agent);
    let updates = 0;
    options.agent.update = () => {
      const result = update();
      updates += 1;
      return updates > 200 ? { ...result, metrics: () => ({ loss: Number.NaN }) } : result;
    };
    const failure = await failureOf(train(options));
    expect(failure).toBeInstanceOf(DivergenceError);
    expect(failure.message).toMatch('metric "loss" is NaN at environment step');
    expect(failure.message).toMatch(last);
  });
});

describe('a finite blow-up', () => {
  const run = async (options: ReturnType<typeof corridorRun>) => {
    const warnings: (RunEvent & { type: 'warning' })[] = [];
    const listener = (event: RunEvent) => {
      if (event.type === 'warning') warnings.push(event);
    };
    const { outcome } = await train({ ...options, listeners: [listener] });
    return { outcome, warnings };
  };

  it('of a weight is warned of once, with array and step', async () => {
    const { outcome, warnings } = await run(spoiledRun(300, 1e22, { storage: new MemoryRunStorage() }));
    expect(outcome).toBe('completed');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ step: 340 });
    expect(warnings[0]!.message).toMatch(
      /array "values" holds .* at entry \d+ at environment step 340, beyond 1e\+15/,
    );
  });

  it('of a metric is warned of once, with name and step', async () => {
    const options = corridorRun();
    const update = options.agent.update.bind(options.agent);
    options.agent.update = () => {
      const result = update();
      return { ...result, metrics: () => ({ ...result.metrics(), loss: 2e15 }) };
    };
    const { warnings } = await run(options);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^metric "loss" is 2000000000000000 at environment step 100/),
    ]);
  });

  it('is nothing that a healthy run is told of', async () => {
    expect((await run(corridorRun({ storage: new MemoryRunStorage() }))).warnings).toEqual([]);
  });
});

describe('an environment at fault', () => {
  it.each([
    ['the reset of training episode 1', 'environment'],
    ['the first reset for evaluation', 'evaluationEnvironment'],
  ] as const)('is named when the reset gives NaN: %s', async (where, which) => {
    const environment = new StatefulCorridor();
    environment.reset = () => ({ observation: Number.NaN, info: {} });
    const failure = await failureOf(train(corridorRun({ [which]: environment })));
    expect(failure).toBeInstanceOf(EnvironmentFaultError);
    expect(failure.message).toMatch(`${where}: reset returned`);
  });

  it('is named when rewards add up to infinity', async () => {
    const generous = () => {
      const environment = new Corridor();
      const step = environment.step.bind(environment);
      environment.step = (action) => ({ ...step(action), reward: 1e308 });
      return environment;
    };
    const failure = await failureOf(train(corridorRun({ environment: generous() })));
    expect(failure).toBeInstanceOf(EnvironmentFaultError);
    expect(failure.message).toMatch(/add up to Infinity/);
  });

  it('is named when the returns of episodes add up to infinity', async () => {
    const environment = new StatefulCorridor();
    const step = environment.step.bind(environment);
    environment.step = (action) => ({ ...step(action), reward: 1e308, terminated: true });
    const failure = await failureOf(train(corridorRun({ environment, steps: 100 })));
    expect(failure).toBeInstanceOf(EnvironmentFaultError);
    expect(failure.message).toMatch(/environment step 2 add up to Infinity/);
  });

  it.each([
    ['act', 'act: observation: expected finite numbers, got 1e300, which is too large for float32'],
    ['observe', 'observe: reward: 1e+300 is too large for float32'],
  ] as const)('is named when the agent cannot take its numbers in %s', async (method, message) => {
    const options = corridorRun();
    const call = options.agent[method].bind(options.agent) as (...args: unknown[]) => unknown;
    let calls = 0;
    Object.assign(options.agent, {
      [method]: (...args: unknown[]) => {
        calls += 1;
        if (calls < 5) return call(...args);
        throw method === 'act'
          ? new SpaceMismatchError(message)
          : new InvalidInputError('observe: reward', message.slice(17));
      },
    });
    const failure = await failureOf(train(options));
    expect(failure).toBeInstanceOf(EnvironmentFaultError);
    expect(failure.message).toMatch(
      /^environment StatefulCorridor, environment step [45]: (act|observe): .* correct the env/,
    );
    expect(failure.message).toMatch(message);
  });
});

it('simulations that became unstable are warned of once, those of evaluations too, and counted', async () => {
  const warnings: RunEvent[] = [];
  const unstableAt = (when: (taken: number) => boolean) => {
    const environment = new StatefulCorridor();
    const step = environment.step.bind(environment);
    let taken = 0;
    environment.step = (action) => {
      taken += 1;
      const result = step(action);
      return when(taken) ? { ...result, truncated: true, info: { instability: 'BADQACC' } } : result;
    };
    return environment;
  };
  const listeners = [(event: RunEvent) => void (event.type === 'warning' && warnings.push(event))];
  const { evaluations } = await train({
    ...corridorRun({
      environment: unstableAt((taken) => taken % 50 === 0),
      evaluationEnvironment: unstableAt((taken) => taken > 2),
    }),
    listeners,
  });
  expect(warnings).toEqual([
    expect.objectContaining({
      step: 50,
      message: expect.stringMatching(
        /^environment StatefulCorridor: .* unstable at environment step 50 \(BADQACC\)/,
      ),
    }),
    expect.objectContaining({
      step: 250,
      message: expect.stringMatching(/unstable in 4 of the evaluation episodes at step 250/),
    }),
  ]);
  expect(evaluations.map(({ unstableEpisodes }) => unstableEpisodes)).toEqual([4, 4, 4, 4]);
});
