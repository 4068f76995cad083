import {
  type Belief,
  type BoxArray,
  encodeValue,
  InvalidInputError,
  type JsonObject,
  type Policy,
  type Rng,
  type Space,
} from '@maxent/core';
import type { Head } from './heads/head.js';
import { numbersSpace } from './numbers-space.js';
import type { ContextRow, TaskInference } from './task/infer.js';

/** An observation of some space: a flat list of numbers, a number for Discrete, a record for a Dict. */
export type AnyObservation = ArrayLike<number> | number | { readonly [key: string]: AnyObservation };
/** An action of some space: an array for a Box, a number for Discrete. */
export type AnyAction = BoxArray | number;

export interface PolicyActOptions {
  /** The policy's mode or mean instead of a sample. Default true. */
  readonly deterministic?: boolean | undefined;
  /** The random numbers for a sample: required if `deterministic` is false, and only then. */
  readonly rng?: Rng | undefined;
  /**
   * What the policy sees of the task, if it acts on one: a belief's mean or a draw from the belief, or the task's
   * descriptor if it was trained with that. If it infers tasks, the default is 0, the prior's mean.
   */
  readonly task?: ArrayLike<number> | undefined;
}

/**
 * A trained policy that acts on typed arrays alone. It needs no agent, no tensor library and no backend, and holds no
 * resources that must be released.
 */
export interface TrainedPolicy<Observation = AnyObservation, Action = AnyAction>
  extends Policy<Observation, Action> {
  /** The agent's name, such as `sac`. */
  readonly agent: string;
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  /** Where the policy comes from, as written when it was exported. */
  readonly provenance: JsonObject;
  /** How many numbers about the task it sees with each observation; 0 for single-task policies. */
  readonly taskSize: number;
  /**
   * The action for one observation: deterministic unless told otherwise. For a Box, any flat list of numbers of its
   * size will do.
   *
   * Throws SpaceMismatchError if the observation does not fit the space or is not finite, InvalidInputError for an
   * option that does not fit, and DivergenceError if the network's result is not finite.
   */
  act(observation: Observation, options?: PolicyActOptions): Action;
  /** An action for each observation, in order. Throws what `act` throws. */
  actBatch(observations: readonly Observation[], options?: PolicyActOptions): Action[];
  /**
   * The belief about a task after these steps in it, in any order; N(0, I) after none. To act on it, call
   * `act(observation, { task: belief.mean })`.
   *
   * Throws InvalidInputError if the policy does not infer tasks, SpaceMismatchError for a row that does not fit.
   */
  infer(context: readonly ContextRow[]): Belief;
  /**
   * Call it when an episode begins, so that a hierarchy whose levels hold their latents for several steps starts again.
   * Other policies do not need it.
   */
  beginEpisode(): void;
  /** A copy of the policy file. */
  toBytes(): Uint8Array<ArrayBuffer>;
}

interface Parts<Observation, Action> {
  readonly agent: string;
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  readonly provenance: JsonObject;
  readonly head: Head;
  readonly task: TaskInference | undefined;
  readonly bytes: Uint8Array;
}

/** Makes the policy that a file describes. */
export function filePolicy<Observation, Action>(
  parts: Parts<Observation, Action>,
): TrainedPolicy<Observation, Action> {
  const { agent, observationSpace, actionSpace, provenance, head, task } = parts;
  const bytes = new Uint8Array(parts.bytes);
  const taskSize = task?.size ?? 0;

  const taskSpace = task && numbersSpace(taskSize);

  const policy: TrainedPolicy<Observation, Action> = {
    agent,
    observationSpace,
    actionSpace,
    provenance,
    taskSize,
    act: (observation, { deterministic = true, rng, task: given } = {}) => {
      if (!deterministic && rng === undefined) {
        throw new InvalidInputError(
          'rng',
          'required when deterministic is false; give an Rng, such as Rng.fromSeed(1)',
        );
      }
      const { data } = head.input;
      encodeValue(observationSpace, observation, data, 'act: observation');
      if (taskSpace !== undefined) {
        const numbers = given ?? (task?.infer && new Float32Array(taskSize));
        encodeValue(taskSpace, numbers, data, 'act: task', observationSpace.flatSize);
      } else if (given !== undefined) {
        throw new InvalidInputError('task', `this ${agent} policy does not act on a task; leave it out`);
      }
      return head.act(deterministic ? undefined : rng) as Action;
    },
    actBatch: (observations, options) => observations.map((each) => policy.act(each, options)),
    infer: (context) => {
      if (task?.infer !== undefined) return task.infer(context);
      throw new InvalidInputError('infer', `this ${agent} policy does not infer tasks`);
    },
    beginEpisode: () => head.beginEpisode?.(),
    toBytes: () => bytes.slice(),
  };
  return policy;
}
