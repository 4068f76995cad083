import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type Agent,
  Box,
  type BoxArray,
  Dict,
  Discrete,
  defineAgent,
  defineEnvironment,
  type Environment,
  type JsonObject,
  type MultiDiscrete,
  type Policy,
  parseConfig,
  Registry,
  Rng,
  type RngState,
  type Snapshot,
  type Space,
  type StepResult,
  type TabularMdp,
  type TaskFamily,
  type Transition,
  type ValueOf,
} from './index.js';

describe('spaces', () => {
  it('carry the type of their values', () => {
    expectTypeOf<ValueOf<Box>>().toEqualTypeOf<BoxArray>();
    expectTypeOf<ValueOf<Discrete>>().toEqualTypeOf<number>();
    expectTypeOf<ValueOf<MultiDiscrete>>().toEqualTypeOf<Int32Array>();
    const dict = new Dict({ speed: new Box({ low: [0], high: [1] }), gear: new Discrete(3) });
    expectTypeOf<ValueOf<typeof dict>>().toEqualTypeOf<{ speed: BoxArray; gear: number }>();
    expectTypeOf(new Dict({ outer: dict }).sample).returns.toEqualTypeOf<{
      outer: { speed: BoxArray; gear: number };
    }>();
  });

  it('are not interchangeable', () => {
    expectTypeOf<Discrete>().toExtend<Space<number>>();
    expectTypeOf<Discrete>().not.toExtend<Space<BoxArray>>();
    expectTypeOf<MultiDiscrete>().not.toExtend<Space<number>>();
  });

  it('narrow what they contain', () => {
    const value: unknown = 1;
    if (new Discrete(2).contains(value)) expectTypeOf(value).toEqualTypeOf<number>();
  });
});

describe('environments', () => {
  it('are typed by observation and action', () => {
    type CartPole = Environment<BoxArray, number>;
    expectTypeOf<CartPole['step']>().parameters.toEqualTypeOf<[number]>();
    expectTypeOf<CartPole['step']>().returns.toEqualTypeOf<StepResult<BoxArray>>();
    expectTypeOf<CartPole['observationSpace']>().toEqualTypeOf<Space<BoxArray>>();
    expectTypeOf<CartPole>().toExtend<Environment>();
    expectTypeOf<CartPole>().not.toExtend<Environment<number, number>>();
  });

  it('may lack state and pictures', () => {
    expectTypeOf<Environment['getState']>().toEqualTypeOf<(() => Snapshot) | undefined>();
    expectTypeOf<Environment['render']>().toEqualTypeOf<(() => unknown) | undefined>();
  });

  it('keep results read-only', () => {
    expectTypeOf<StepResult<number>>().toEqualTypeOf<Readonly<StepResult<number>>>();
    expectTypeOf<TabularMdp>().toEqualTypeOf<Readonly<TabularMdp>>();
  });
});

describe('agents', () => {
  it('are policies that also learn', () => {
    expectTypeOf<Agent<BoxArray, number>>().toExtend<Policy<BoxArray, number>>();
    expectTypeOf<Agent<BoxArray, number>['observe']>()
      .parameter(0)
      .toEqualTypeOf<Transition<BoxArray, number>>();
    expectTypeOf<Policy['act']>()
      .parameter(1)
      .toEqualTypeOf<{ readonly deterministic: boolean; readonly rng?: Rng }>();
    expectTypeOf<Agent['save']>().returns.toEqualTypeOf<Snapshot>();
  });
});

describe('definitions', () => {
  it('hand `create` what their schema parses to', () => {
    defineEnvironment({
      id: 'x',
      description: '',
      options: z.object({ gravity: z.number().default(10), map: z.string().optional() }),
      maxEpisodeSteps: 10,
      create: (options) => {
        expectTypeOf(options).toEqualTypeOf<{ gravity: number; map?: string | undefined }>();
        return {} as Environment;
      },
    });
    defineAgent({
      name: 'x',
      description: '',
      config: z.object({ rate: z.number().default(1) }),
      presets: { 'Pendulum-v1': { rate: 2 } },
      create: (context, config) => {
        expectTypeOf(config).toEqualTypeOf<{ rate: number }>();
        expectTypeOf(context.rng).toEqualTypeOf<Rng>();
        return Promise.resolve({} as Agent);
      },
    });
  });

  it('refuse presets that the schema does not have', () => {
    defineAgent({
      name: 'x',
      description: '',
      config: z.object({ rate: z.number().default(1) }),
      // @ts-expect-error: `speed` is not a field.
      presets: { 'Pendulum-v1': { speed: 2 } },
      create: () => ({}) as Agent,
    });
  });

  it('come out of a registry without their own types', () => {
    const definition = new Registry().environment('x');
    expectTypeOf(definition.create).returns.toEqualTypeOf<Environment | Promise<Environment>>();
    expectTypeOf(parseConfig(definition.options, {})).toEqualTypeOf<Record<string, unknown>>();
  });
});

describe('task families', () => {
  it('have plain JSON tasks', () => {
    type Velocity = { velocity: number };
    type Family = TaskFamily<Velocity, BoxArray, BoxArray>;
    expectTypeOf<ReturnType<Family['split']>['train']>().toEqualTypeOf<readonly Velocity[]>();
    expectTypeOf<Velocity>().toExtend<JsonObject>();
    // @ts-expect-error: a function is not JSON.
    expectTypeOf<TaskFamily<{ goal: () => void }>>().not.toBeAny();
  });
});

describe('snapshots', () => {
  it('hold the state of a random stream as metadata', () => {
    expectTypeOf<RngState>().toExtend<JsonObject>();
    expectTypeOf(Rng.fromState).parameter(0).toBeUnknown();
    expectTypeOf<{ when: Date }>().not.toExtend<JsonObject>();
  });
});
