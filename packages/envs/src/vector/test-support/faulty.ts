import {
  Box,
  type BoxArray,
  Dict,
  type DictValue,
  Discrete,
  defineEnvironment,
  definePlugin,
  type Environment,
  MultiDiscrete,
  type ResetOptions,
  Rng,
  type StepResult,
} from '@maxent/core';
import * as z from 'zod';

const observationSpace = new Dict({
  double: new Box({ low: [-10], high: [10], dataType: 'float64' }),
  single: new Box({ low: [-10, -10], high: [10, 10] }),
  index: new Discrete(7),
  choices: new MultiDiscrete([3, 5]),
});
type Observation = DictValue<(typeof observationSpace)['spaces']>;

const faultyOptions = z.object({
  fault: z
    .enum(['none', 'throw', 'exit', 'close', 'info'])
    .default('none')
    .describe('What goes wrong at the step of number `at`.'),
  at: z.int().default(3).describe('Steps since construction.'),
  infos: z
    .enum(['mixed', 'arrays', 'everDifferent'])
    .default('mixed')
    .describe('Text, lists and numbers; arrays of several types; an array that is longer at each step.'),
  only: z.int().default(-1).describe('The seed with which it goes wrong; -1 for any.'),
  closings: z.instanceof(SharedArrayBuffer).optional().describe('Counts the calls of close.'),
});

/** Shows every kind of space and info, ends each episode after four steps, and can fail in several ways. */
class Faulty implements Environment<Observation, BoxArray> {
  readonly observationSpace = observationSpace;
  readonly actionSpace = new Box({ low: [-1], high: [1] });
  private rng = Rng.fromSeed(0);
  private steps = 0;
  private marked = false;

  constructor(private readonly options: z.output<typeof faultyOptions>) {}

  reset({ seed }: ResetOptions = {}) {
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.marked = this.options.only === -1 || seed === this.options.only;
    return { observation: this.show(0), info: { started: seed ?? null } };
  }

  step(action: BoxArray): StepResult<Observation> {
    this.steps += 1;
    if (this.marked && this.steps === this.options.at) this.fail();
    const failing = this.marked && this.steps === this.options.at && this.options.fault === 'info';
    return {
      observation: this.show(action[0]!),
      reward: action[0]! + (action instanceof Float64Array ? 100 : 0),
      terminated: this.steps % 8 === 4,
      truncated: this.steps % 8 === 0,
      ...(this.steps % 5 === 0 && { duration: 3 }),
      info: this.infoOf(failing),
    };
  }

  close(): void {
    if (this.options.closings !== undefined) Atomics.add(new Int32Array(this.options.closings), 0, 1);
    if (this.options.fault === 'close') throw new Error('will not close');
  }

  private show(shift: number): Observation {
    return {
      double: Float64Array.of(shift + this.rng.uniform()),
      single: Float32Array.of(this.rng.uniform(), shift),
      index: this.rng.integer(7),
      choices: Int32Array.of(this.rng.integer(3), this.rng.integer(5)),
    };
  }

  private infoOf(failing: boolean): Record<string, unknown> {
    if (failing) return { callback: () => 0 };
    if (this.options.infos === 'arrays') return this.infoOfArrays();
    if (this.options.infos === 'everDifferent')
      return { array: new Float32Array(this.steps).fill(this.steps) };
    if (this.steps % 3 === 0) return { steps: this.steps, half: this.steps / 2, worst: Number.NaN };
    if (this.steps % 3 === 1) return { text: `step ${this.steps}`, list: [1, { deep: -0 }] };
    return {};
  }

  private infoOfArrays(): Record<string, unknown> {
    return {
      single: Float32Array.of(this.rng.uniform(), 2),
      double: Float64Array.of(this.rng.uniform(), Number.NaN, -0),
      large: new Float64Array(1000).fill(this.steps),
      bytes: Uint8Array.of(this.steps),
      even: this.steps % 2 === 0,
      ...(this.steps % 5 === 0 && { text: 'goes as a message' }),
    };
  }

  private fail(): void {
    if (this.options.fault === 'throw' || this.options.fault === 'close')
      throw new RangeError('wheel came off');
    if (this.options.fault === 'exit') process.exit(3);
  }
}

export const faulty = defineEnvironment({
  id: 'Faulty-v0',
  description: 'Shows every kind of space and info, and can fail.',
  options: faultyOptions,
  maxEpisodeSteps: null,
  create: (options) => new Faulty(options),
});

const unmakeable = defineEnvironment({
  id: 'Unmakeable-v0',
  description: 'Cannot be made.',
  options: z.object({}),
  maxEpisodeSteps: null,
  create: () => {
    throw new RangeError('no parts');
  },
});

export const faultyPlugin = definePlugin({ name: 'faulty', environments: [faulty, unmakeable] });
