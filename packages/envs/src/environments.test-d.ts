import type { Environment, EnvironmentDefinition, Info, MadeBy, StepInfoOf } from '@maxent/core';
import { describe, expectTypeOf, it } from 'vitest';
import {
  cartPole,
  linearQuadratic,
  makeEnvironment,
  type multiGoal,
  pendulum,
  pointMaze,
  pointRobotFamily,
  RecordEpisodeStatistics,
  SyncVectorEnvironment,
  TimeLimit,
  taxiEnvironment,
} from './index.js';

describe('an environment made from its definition', () => {
  it('takes the actions of its space', async () => {
    const environment = await makeEnvironment(pendulum, { gravity: 9.81 });
    environment.step(Float32Array.of(1));
    environment.step(Float64Array.of(1));
    // @ts-expect-error: an action is an array of numbers.
    environment.step('push left');
    // @ts-expect-error: one array, not two numbers.
    environment.step(1, 2);
    const cart = await makeEnvironment(cartPole);
    cart.step(1);
    // @ts-expect-error: an action is a number.
    cart.step(Float32Array.of(1));
    // @ts-expect-error: no such option.
    makeEnvironment(pendulum, { gravty: 9.81 });
  });

  it('gives the observations of its space', async () => {
    const { observation } = (await makeEnvironment(pendulum)).reset({ seed: 1 });
    expectTypeOf(observation).toEqualTypeOf<Float32Array>();
    // @ts-expect-error: an array has no such property.
    void observation.anything;
    const regulator = (await makeEnvironment(linearQuadratic)).reset();
    expectTypeOf(regulator.observation).toEqualTypeOf<Float64Array>();
    expectTypeOf((await makeEnvironment(taxiEnvironment)).reset().observation).toEqualTypeOf<number>();
  });

  it('gives what its steps report', async () => {
    const maze = await makeEnvironment(pointMaze);
    const { info } = maze.step(Float32Array.of(0, 0));
    expectTypeOf(info.goalDistance).toEqualTypeOf<number>();
    expectTypeOf(info.xPosition).toEqualTypeOf<number>();
    // @ts-expect-error: it does not report that.
    void info.anything;
    expectTypeOf(maze.reset().info.goalDistance).toEqualTypeOf<number | undefined>();
    expectTypeOf<StepInfoOf<MadeBy<typeof multiGoal>>>().toEqualTypeOf<{ readonly goal: number | null }>();
  });

  it('keeps the kind of its spaces', async () => {
    const environment = await makeEnvironment(pendulum);
    expectTypeOf(environment.actionSpace.low).toEqualTypeOf<Float64Array>();
    expectTypeOf((await makeEnvironment(cartPole)).actionSpace.count).toEqualTypeOf<number>();
  });

  it('is any environment where its definition has no types', async () => {
    const definition: EnvironmentDefinition = pendulum;
    const environment = await makeEnvironment(definition, { whatever: 1 });
    expectTypeOf(environment).toExtend<Environment>();
    expectTypeOf(environment.reset().observation).toBeAny();
    expectTypeOf(environment.step).parameter(0).toBeAny();
  });
});

describe('wrappers', () => {
  it('pass on the types of what they wrap', async () => {
    const recorded = new RecordEpisodeStatistics(new TimeLimit(await makeEnvironment(pointMaze), 10));
    const { info } = recorded.step(Float32Array.of(0, 0));
    expectTypeOf(info.rewardGoal).toEqualTypeOf<number>();
    expectTypeOf(info.episode?.length).toEqualTypeOf<number | undefined>();
    expectTypeOf(recorded).toExtend<Environment>();
    const untyped = new TimeLimit({} as Environment, 3);
    expectTypeOf(untyped.step(1).info).toEqualTypeOf<Info>();
  });

  it('and so do vectors', async () => {
    const vector = await SyncVectorEnvironment.create(() => makeEnvironment(pointMaze), 2);
    const { observations, infos, ends } = await vector.step([Float32Array.of(0, 0), Float32Array.of(0, 0)]);
    expectTypeOf(observations[0]![0]).toEqualTypeOf<number | undefined>();
    expectTypeOf(infos[0]!.goalReached).toEqualTypeOf<boolean | undefined>();
    expectTypeOf(ends[0]!.info.goalReached).toEqualTypeOf<boolean>();
    // @ts-expect-error: actions are arrays of numbers.
    await vector.step(['left', 'right']);
  });
});

describe('a family', () => {
  it('has tasks and environments of its own', async () => {
    const family = await pointRobotFamily.create({ reward: 'dense', goalRadius: 0.2 });
    const environment = await family.create({ x: 1, y: 0 });
    expectTypeOf(environment.step(Float32Array.of(0, 0)).info.rewardSparse).toEqualTypeOf<number>();
    // @ts-expect-error: a goal has two coordinates.
    family.descriptor({ x: 1 });
  });
});
