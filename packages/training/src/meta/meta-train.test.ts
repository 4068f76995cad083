import {
  type Adaptation,
  type Agent,
  AgentFaultError,
  type Environment,
  EnvironmentFaultError,
  InvalidInputError,
  type MetaAgent,
  type Snapshot,
  SnapshotMismatchError,
  type TaskFamily,
  type Transition,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { MemoryRunStorage } from '../memory-run-storage.js';
import { Corridor, StatefulCorridor } from '../test-support/corridor.js';
import { EndlessEnvironment } from '../test-support/endless.js';
import { evaluateAdaptation } from './evaluate-adaptation.js';
import { countSharedTasks, type MetaTrainOptions, metaTrain } from './meta-train.js';
import { TaskRotation } from './task-rotation.js';

type Task = { readonly bonus: number };

/** A corridor that pays and reports a bonus at every step. */
class BonusCorridor extends StatefulCorridor {
  constructor(private readonly bonus: number) {
    super();
  }

  override step(action: number) {
    const result = super.step(action);
    return { ...result, reward: result.reward + this.bonus, info: { bonus: this.bonus } };
  }
}

const family: TaskFamily<Task, number, number> = {
  id: 'Bonus',
  maxEpisodeSteps: 25,
  split: () => ({ train: [{ bonus: 0 }, { bonus: 10 }], test: [{ bonus: 20 }, { bonus: 0 }] }),
  descriptor: ({ bonus }) => [bonus],
  succeeded: ({ bonus }) => bonus === 20,
  create: ({ bonus }) => new BonusCorridor(bonus),
};
const split = family.split({ trainCount: 2, testCount: 2, seed: 1 });

/** Takes tasks in turn; its belief about the bonus is the mean of the rewards it saw. */
class Scribe implements MetaAgent<number, number> {
  readonly log: string[] = [];
  readonly seen: Transition[] = [];
  private episodes = 0;

  beginEpisode(): number {
    return this.episodes++ % 2;
  }

  act(): number {
    return 1;
  }

  observe(transition: Transition): void {
    this.seen.push(transition);
  }

  update(): ReturnType<Agent['update']> {
    return { gradientSteps: 0, metrics: () => ({}) };
  }

  adapt({ descriptor }: { readonly descriptor: readonly number[] }): Adaptation<number, number> {
    const rewards: number[] = [];
    return {
      beginEpisode: ({ explore }) =>
        void this.log.push(`${descriptor[0]} ${explore ? 'explores' : 'exploits'} ${rewards.length}`),
      act: () => 1,
      observe: ({ reward }) => void rewards.push(reward),
      belief: () => ({ mean: [rewards.reduce((a, b) => a + b, 0) / rewards.length], variance: [1] }),
    };
  }

  save(): Snapshot {
    return { arrays: {}, metadata: { episodes: this.episodes } };
  }

  load({ metadata }: Snapshot): void {
    this.episodes = metadata.episodes as number;
  }

  dispose(): void {}
}

const schedule: Omit<MetaTrainOptions, 'agent' | 'steps'> = {
  family,
  split,
  seed: 7,
  evaluation: { every: 60, episodes: 3, explorationEpisodes: 2 },
  logEvery: 20,
  checkpointEvery: 25,
};

describe('metaTrain', () => {
  it('trains on the tasks that the agent chooses, and passes it what steps report', async () => {
    const agent = new Scribe();
    await metaTrain({ ...schedule, agent, steps: 120 });
    const bonuses = agent.seen.map(({ info }) => info!.bonus);
    const episodes = agent.seen.flatMap(({ terminated, truncated }, i) =>
      terminated || truncated ? [bonuses[i]] : [],
    );
    expect(episodes.slice(0, 4)).toEqual([0, 10, 0, 10]);
  });

  it('evaluates by the return of the last episode in each test task, exploring first', async () => {
    const agent = new Scribe();
    const { evaluations } = await metaTrain({ ...schedule, agent, steps: 60 });
    const [evaluation] = evaluations;
    const { adaptation, returns, lengths, returnMean } = evaluation!;
    expect(adaptation!.explorationEpisodes).toBe(2);
    expect(adaptation!.returns.map((task) => task.length)).toEqual([3, 3]);
    expect(returns).toEqual(adaptation!.returns.map((task) => task[2]));
    expect(returnMean).toBeCloseTo((returns[0]! + returns[1]!) / 2, 12);
    expect(adaptation!.successes).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
    // A bonus of 20 at every step, and 1 at the end.
    expect(Math.abs(returns[0]! - 20 * lengths[0]!)).toBeLessThan(2);
    expect(agent.log.map((line) => line.replace(/ \d+$/, ''))).toEqual([
      ...['20 explores', '20 explores', '20 exploits'],
      ...['0 explores', '0 explores', '0 exploits'],
    ]);
    expect(agent.log[0]).toBe('20 explores 0');
    expect(Number(agent.log[2]!.split(' ')[2])).toBeGreaterThan(Number(agent.log[1]!.split(' ')[2]));
  });

  it.each([33, 60, 77])('resumed at step %d, it produces identical rows', async (at) => {
    const whole = new MemoryRunStorage();
    await metaTrain({ ...schedule, agent: new Scribe(), steps: 130, storage: whole });
    const parts = new MemoryRunStorage();
    await metaTrain({ ...schedule, agent: new Scribe(), steps: at, storage: parts });
    await metaTrain({ ...schedule, agent: new Scribe(), steps: 130, storage: parts, resume: true });
    const timeless = ({ rows }: MemoryRunStorage) =>
      rows.map((row) => ({ ...row, wallSeconds: 0, stepsPerSecond: 0 }));
    expect(timeless(parts)).toEqual(timeless(whole));
  });

  it('refuses protocols and choices that do not exist', async () => {
    const evaluation = { every: 60, episodes: 2, explorationEpisodes: 3 };
    await expect(metaTrain({ ...schedule, evaluation, agent: new Scribe(), steps: 10 })).rejects.toThrow(
      'explorationEpisodes: expected an integer from 0 to the 2 episodes, got 3',
    );
    const agent = new Scribe();
    agent.beginEpisode = () => 2;
    await expect(metaTrain({ ...schedule, agent, steps: 10 })).rejects.toThrow(AgentFaultError);
  });
});

describe('evaluateAdaptation', () => {
  const environments = (): Environment[] => [new BonusCorridor(20), new BonusCorridor(0)];
  const options = { episodes: 3, explorationEpisodes: 1, seed: 5, deterministic: true };
  const tasks = () => environments().map((environment, k) => ({ environment, descriptor: [k] }));

  it('refuses episodes that do not end, after which no other task would ever be chosen', async () => {
    const endless: TaskFamily = { ...family, create: () => new EndlessEnvironment() };
    const failure = metaTrain({ ...schedule, family: endless, agent: new Scribe(), steps: 120 });
    await expect(failure).rejects.toThrow(EnvironmentFaultError);
    await expect(failure).rejects.toThrow(
      /neither terminated nor been truncated after 25 steps.*new TimeLimit\(environment, 25\)/,
    );
  });

  it('is decided by its seed, task by task, and tells beliefs after each episode', async () => {
    const agent = new Scribe();
    const results = await evaluateAdaptation({ ...options, agent, tasks: tasks() });
    expect(await evaluateAdaptation({ ...options, agent, tasks: tasks() })).toEqual(results);
    const [alone] = await evaluateAdaptation({ ...options, agent, tasks: tasks().slice(0, 1) });
    expect(alone).toEqual(results[0]);
    expect(results[0]!.successes).toBeUndefined();
    const { returns, lengths, beliefs } = results[0]!;
    expect(beliefs![1]!.mean[0]).toBeCloseTo((returns[0]! + returns[1]!) / (lengths[0]! + lengths[1]!), 10);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(
      evaluateAdaptation({ ...options, agent: new Scribe(), tasks: tasks(), signal }),
    ).rejects.toThrow('enough');
  });
});

describe('countSharedTasks', () => {
  it('counts test tasks that are train tasks', () => {
    expect(countSharedTasks(split)).toBe(1);
    expect(countSharedTasks({ train: [{ a: 1 }], test: [{ a: 2 }] })).toBe(0);
    expect(countSharedTasks({ train: [{ a: 1 }], test: [{ a: 1 }, { a: 1 }] })).toBe(2);
  });
});

it('names the task whose numbers the agent cannot take', async () => {
  const agent = new Scribe();
  const observe = agent.observe.bind(agent);
  agent.observe = (transition) => {
    if (transition.reward > 5) throw new InvalidInputError('observe: reward', 'is too large for float32');
    observe(transition);
  };
  await expect(metaTrain({ ...schedule, agent, steps: 60 })).rejects.toThrow(
    /^task family "Bonus", task \{ bonus: 10 \}, environment step \d+: observe: reward: is too large/,
  );
});

it('counts the episodes of an evaluation in which the simulation became unstable', async () => {
  const unstable: typeof family = {
    ...family,
    create: (task) => {
      const environment = new BonusCorridor(task.bonus);
      const step = environment.step.bind(environment);
      environment.step = (action) => {
        const info = { bonus: task.bonus, ...(task.bonus === 20 && { instability: 'BADQVEL' }) };
        return { ...step(action), truncated: true, info };
      };
      return environment;
    },
  };
  const { evaluations } = await metaTrain({ ...schedule, family: unstable, agent: new Scribe(), steps: 60 });
  expect(evaluations[0]!.unstableEpisodes).toBe(3);
});

describe('TaskRotation', () => {
  it('has a state only if all its tasks have one, and refuses a state with more tasks', () => {
    expect(new TaskRotation([new StatefulCorridor(), new Corridor()], () => 0).getState).toBeUndefined();
    const three = new TaskRotation(
      [0, 1, 2].map(() => new StatefulCorridor()),
      () => 2,
    );
    three.reset({ seed: 1 });
    const state = three.getState!();
    const two = new TaskRotation(
      [0, 1].map(() => new StatefulCorridor()),
      () => 0,
    );
    expect(() => two.setState!(state)).toThrow(SnapshotMismatchError);
  });
});
