import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import {
  type ActionOf,
  type Agent,
  type AgentDefinition,
  Box,
  type BoxArray,
  type ConfigOf,
  createEnvironment,
  Dict,
  Discrete,
  defineAgent,
  defineEnvironment,
  definePlugin,
  type Environment,
  type EnvironmentDefinition,
  type FormOf,
  type Info,
  type JsonObject,
  type MadeBy,
  type MultiDiscrete,
  type ObservationOf,
  type OptionsOf,
  type Plugin,
  type Policy,
  type PresetOf,
  parseConfig,
  parseUnknown,
  Registry,
  type RenderOptions,
  Rng,
  type RngState,
  type Snapshot,
  type Space,
  type StepInfoOf,
  type StepResult,
  type TabularMdp,
  type TaskFamily,
  type Transition,
  type ValueForm,
  type ValueOf,
} from './index.js';

describe('spaces', () => {
  it('carry the type of their values', () => {
    expectTypeOf<ValueOf<Box>>().toEqualTypeOf<BoxArray>();
    expectTypeOf<ValueOf<Discrete>>().toEqualTypeOf<number>();
    expectTypeOf<ValueOf<MultiDiscrete>>().toEqualTypeOf<Int32Array>();
    const dict = new Dict({ speed: new Box({ low: [0], high: [1] }), gear: new Discrete(3) });
    expectTypeOf<ValueOf<typeof dict>>().toEqualTypeOf<{ speed: Float32Array; gear: number }>();
    expectTypeOf(new Dict({ outer: dict }).sample).returns.toEqualTypeOf<{
      outer: { speed: Float32Array; gear: number };
    }>();
  });

  it('know the precision of a Box from its options', () => {
    expectTypeOf(new Box({ low: [0], high: [1] })).toEqualTypeOf<Box<Float32Array>>();
    expectTypeOf(new Box({ low: 0, high: 1, shape: [2], dataType: 'float64' })).toEqualTypeOf<
      Box<Float64Array>
    >();
    const either = 'float32' as 'float32' | 'float64';
    expectTypeOf(new Box({ low: [0], high: [1], dataType: either })).toEqualTypeOf<Box>();
    expectTypeOf<Box<Float32Array>>().toExtend<Box>();
    expectTypeOf<Box<Float32Array>>().toExtend<Space<BoxArray>>();
    expectTypeOf<Box>().not.toExtend<Space<Float32Array>>();
    // @ts-expect-error: no such type.
    new Box({ low: [0], high: [1], dataType: 'float16' });
  });

  it('say what has the form of their values', () => {
    expectTypeOf<FormOf<Float32Array>>().toEqualTypeOf<ArrayLike<number>>();
    expectTypeOf<FormOf<BoxArray>>().toEqualTypeOf<ArrayLike<number>>();
    expectTypeOf<FormOf<number>>().toEqualTypeOf<number>();
    expectTypeOf<FormOf<{ speed: BoxArray; gear: number }>>().toEqualTypeOf<{
      readonly speed: ArrayLike<number>;
      readonly gear: number;
    }>();
    expectTypeOf<number[]>().toExtend<ValueForm>();
    expectTypeOf<{ speed: Float32Array; gear: number }>().toExtend<ValueForm>();
    expectTypeOf<'x'>().not.toExtend<ValueForm>();
    expectTypeOf<string[]>().not.toExtend<ValueForm>();
    expectTypeOf<number[][]>().not.toExtend<ValueForm>();
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
    expectTypeOf<ObservationOf<CartPole>>().toEqualTypeOf<BoxArray>();
    expectTypeOf<ActionOf<CartPole>>().toEqualTypeOf<number>();
    expectTypeOf<StepInfoOf<CartPole>>().toEqualTypeOf<Info>();
  });

  it('are typed by what their steps report, some of which a reset reports', () => {
    type Runner = Environment<BoxArray, BoxArray, { readonly x: number; readonly velocity: number }>;
    expectTypeOf<StepInfoOf<Runner>>().toEqualTypeOf<{ readonly x: number; readonly velocity: number }>();
    expectTypeOf<ReturnType<Runner['reset']>['info']['x']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Runner>().toExtend<Environment>();
    expectTypeOf<Runner>().toExtend<Environment<BoxArray, BoxArray>>();
    expectTypeOf<Environment>().not.toExtend<Runner>();
  });

  it('may lack state and pictures', () => {
    expectTypeOf<Environment['getState']>().toEqualTypeOf<(() => Snapshot) | undefined>();
    expectTypeOf<Environment['render']>().toEqualTypeOf<
      ((options?: RenderOptions) => string | Promise<string>) | undefined
    >();
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
    expectTypeOf<Policy['act']>().parameter(1).toEqualTypeOf<{
      readonly deterministic: boolean;
      readonly rng?: Rng;
      readonly environment?: number;
    }>();
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

  it('keep the types of what they make, and their names', async () => {
    type Grid = Environment<number, number, { readonly tile: string }>;
    const grid = defineEnvironment({
      id: 'Grid-v0',
      description: '',
      options: z.object({ size: z.number().default(4) }),
      maxEpisodeSteps: null,
      create: async () => ({}) as Grid,
    });
    expectTypeOf(grid.id).toEqualTypeOf<'Grid-v0'>();
    expectTypeOf<MadeBy<typeof grid>>().toEqualTypeOf<Grid>();
    expectTypeOf<OptionsOf<typeof grid>>().toEqualTypeOf<{ size?: number | undefined }>();
    expectTypeOf(await createEnvironment(grid, { size: 2 })).toEqualTypeOf<Grid>();
    expectTypeOf(grid).toExtend<EnvironmentDefinition>();

    const learner = defineAgent({
      name: 'learner',
      description: '',
      config: z.object({ rate: z.number().default(1) }),
      presets: { slow: { rate: 0.1 }, fast: {} },
      create: () => ({}) as Agent<number, number>,
    });
    expectTypeOf<PresetOf<typeof learner>>().toEqualTypeOf<'slow' | 'fast'>();
    expectTypeOf<ConfigOf<typeof learner>>().toEqualTypeOf<{ rate?: number | undefined }>();
    expectTypeOf<MadeBy<typeof learner>>().toEqualTypeOf<Agent<number, number>>();
    expectTypeOf(learner).toExtend<AgentDefinition>();
    expectTypeOf<PresetOf<AgentDefinition>>().toEqualTypeOf<string>();
    expectTypeOf(
      definePlugin({ name: 'p', agents: [learner], environments: [grid] }),
    ).toEqualTypeOf<Plugin>();
  });

  it('give an agent that is written as an object the types of its parts', () => {
    definePlugin({
      name: 'p',
      agents: [
        {
          name: 'counter',
          description: '',
          config: z.object({ start: z.number().default(0) }),
          create: (_, { start }) => ({
            act: () => start,
            observe: ({ reward }) => expectTypeOf(reward).toEqualTypeOf<number>(),
            update: () => ({ gradientSteps: 0, metrics: () => ({}) }),
            save: () => ({ arrays: {}, metadata: {} }),
            load: ({ metadata }) => expectTypeOf(metadata).toExtend<JsonObject>(),
            dispose: () => {},
          }),
        },
      ],
    });
  });

  it('have no presets but those they name', () => {
    const plain = defineAgent({
      name: 'plain',
      description: '',
      config: z.object({}),
      create: () => ({}) as Agent,
    });
    expectTypeOf<PresetOf<typeof plain>>().toEqualTypeOf<never>();
    expectTypeOf(plain).toExtend<AgentDefinition>();
  });

  it('come out of a registry without their own types', () => {
    const definition = new Registry().environment('x');
    expectTypeOf(definition.create).returns.toEqualTypeOf<Environment | Promise<Environment>>();
    expectTypeOf(parseConfig(definition.options, {})).toEqualTypeOf<Record<string, unknown>>();
  });
});

describe('parseConfig', () => {
  const schema = z.object({ hiddenSizes: z.array(z.int()).default([64]), rate: z.number().default(1) });

  it('takes what the schema takes', () => {
    expectTypeOf(parseConfig(schema, { hiddenSizes: [8] })).toEqualTypeOf<{
      hiddenSizes: number[];
      rate: number;
    }>();
    // @ts-expect-error: the field is called hiddenSizes.
    parseConfig(schema, { hiddenSize: [64] });
    // @ts-expect-error: `rate` is a number.
    parseConfig(schema, { rate: '1' });
  });

  it('leaves what no compiler has seen to parseUnknown', () => {
    const input: unknown = JSON.parse('{}');
    // @ts-expect-error: unknown.
    parseConfig(schema, input);
    expectTypeOf(parseUnknown(schema, input)).toEqualTypeOf<{ hiddenSizes: number[]; rate: number }>();
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
