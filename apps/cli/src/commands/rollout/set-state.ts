import {
  allocate,
  dataTypeOf,
  type Environment,
  fieldPath,
  guardEnvironment,
  InvalidInputError,
  isMaxentError,
  isRecord,
  nearestNames,
  type ShapedArray,
  type Snapshot,
} from '@maxent/core';
import type { MujocoEnvironment, PhysicsState } from '@maxent/mujoco';
import * as z from 'zod';
import { innermost } from '../../environments/innermost.js';
import { restated } from '../../errors/restated.js';
import { checkInput, closedObject } from '../../input/check-input.js';
import { readFiniteNumbers } from './json-numbers.js';

const physicsSchema = closedObject({
  qpos: z.array(z.unknown()),
  qvel: z.array(z.unknown()),
  qaccWarmstart: z.array(z.unknown()).optional(),
});

/**
 * Puts an environment into a state given as JSON and returns the observation there. Its wrappers do not change: a time
 * limit, for example, keeps counting from the start. A MuJoCo environment takes `{"qpos","qvel","qaccWarmstart"?}` as
 * the start of an episode. Any other takes its arrays by name, or the numbers of its only array: `[3.1, 0]` for a
 * pendulum; what is left out (its random numbers, for example) stays the same. Throws InvalidInputError.
 */
export function setState(environment: Environment, state: unknown): unknown {
  const innermostOne = innermost(environment);
  if (hasPhysics(innermostOne)) return setPhysics(innermostOne, state);
  const inner = guardEnvironment(innermostOne, { check: false });
  if (inner.getState === undefined || inner.setState === undefined || inner.observe === undefined) {
    throw new InvalidInputError(
      'state',
      'this environment cannot be put into a state; leave state out and give a seed',
    );
  }
  const snapshot = inner.getState();
  const arrays = { ...snapshot.arrays, ...arraysOf(state, snapshot) };
  try {
    inner.setState({ ...snapshot, arrays });
  } catch (error) {
    if (!isMaxentError(error, 'SNAPSHOT_MISMATCH')) throw error;
    throw new InvalidInputError('state', error.message.replace(/^arrays\./, ''), { cause: error });
  }
  return environment.observe?.();
}

function hasPhysics(environment: Environment): environment is MujocoEnvironment {
  return 'setPhysicsState' in environment;
}

/** The environment's errors name `qpos`, which is `state.qpos` in the file. */
function setPhysics(environment: MujocoEnvironment, state: unknown): unknown {
  const physics = readPhysicsState(state);
  return restated(
    () => environment.setPhysicsState(physics).observation,
    (field, problem) => [`state.${field}`, problem],
  );
}

function readPhysicsState(state: unknown): PhysicsState {
  const { qpos, qvel, qaccWarmstart } = physicsRecord(state);
  return {
    qpos: readFiniteNumbers(qpos, 'state.qpos'),
    qvel: readFiniteNumbers(qvel, 'state.qvel'),
    ...(qaccWarmstart !== undefined && {
      qaccWarmstart: readFiniteNumbers(qaccWarmstart, 'state.qaccWarmstart'),
    }),
  };
}

function physicsRecord(state: unknown): z.output<typeof physicsSchema> {
  return restated(
    () => checkInput(z.object({ state: physicsSchema }), { state }, 'state').state,
    (field, problem) => [field, `${problem}; expected {"qpos","qvel","qaccWarmstart"?}`],
  );
}

function arraysOf(state: unknown, { arrays }: Snapshot): Record<string, ShapedArray> {
  const names = Object.keys(arrays);
  if (isRecord(state)) {
    return Object.fromEntries(
      Object.entries(state).map(([name, value]) => {
        const field = fieldPath(['state', name]);
        if (Object.hasOwn(arrays, name)) return [name, arrayLike(arrays[name]!, value, field)];
        const near = nearestNames(name, names);
        throw new InvalidInputError(
          field,
          `unknown; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known: ${names.join(', ')}`}`,
        );
      }),
    );
  }
  const [only, ...others] = names;
  if (only === undefined || others.length > 0) {
    throw new InvalidInputError('state', `expected an object with some of ${names.join(', ')}`);
  }
  return { [only]: arrayLike(arrays[only]!, state, 'state') };
}

function arrayLike({ shape, data }: ShapedArray, value: unknown, field: string): ShapedArray {
  const numbers = readFiniteNumbers(value, field);
  if (numbers.length !== data.length) {
    throw new InvalidInputError(field, `expected ${data.length} numbers, got ${numbers.length}`);
  }
  const dataType = dataTypeOf(data);
  const fraction = dataType.startsWith('float')
    ? -1
    : numbers.findIndex((number) => !Number.isSafeInteger(number));
  if (fraction >= 0) {
    throw new InvalidInputError(`${field}[${fraction}]`, `expected an integer, got ${numbers[fraction]}`);
  }
  const array = allocate(dataType, data.length);
  array.set(numbers);
  return { shape, data: array };
}
