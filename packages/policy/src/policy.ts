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

/** An observation of some space: a flat list of numbers, the number of a Discrete one, a record of a Dict. */
export type AnyObservation = ArrayLike<number> | number | { readonly [key: string]: AnyObservation };
/** An action of some space: an array for a Box, a number for a Discrete one. */
export type AnyAction = BoxArray | number;

export interface PolicyActOptions {
  /** The policy's mode or mean instead of a sample. Default true. */
  readonly deterministic?: boolean | undefined;
  /** What a sample is drawn from: needed exactly when `deterministic` is false. */
  readonly rng?: Rng | undefined;
  /**
   * What the policy sees of the task, for policies that act on one: a belief's mean or a draw from it, or the task's
   * descriptor where it was trained to be told. Default: 0, the prior's mean, where the task is inferred.
   */
  readonly task?: ArrayLike<number> | undefined;
}

/**
 * A trained policy, acting on typed arrays alone. It needs no agent, no tensor library and no backend, and holds no
 * resources that would have to be released.
 */
export interface TrainedPolicy<Observation = AnyObservation, Action = AnyAction>
  extends Policy<Observation, Action> {
  /** The agent's name, such as `sac`. */
  readonly agent: string;
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  /** Where it comes from, as its exporter wrote it. */
  readonly provenance: JsonObject;
  /** Numbers that it sees of a task besides the observation; 0 for policies of one task. */
  readonly taskSize: number;
  /**
   * The action for one observation: deterministic unless told otherwise. For a Box, any flat list of numbers of its size
   * will do.
   *
   * Throws SpaceMismatchError for what is not an observation of the space or not finite, InvalidInputError for an option that
   * does not fit, DivergenceError where the network computes what is not finite.
   */
  act(observation: Observation, options?: PolicyActOptions): Action;
  /** An action for each observation, drawn one after the other. Throws what `act` throws. */
  actBatch(observations: readonly Observation[], options?: PolicyActOptions): Action[];
  /**
   * What is believed of a task after these steps in it, in any order; N(0, I) after none. Act on it by
   * `act(observation, { task: belief.mean })`.
   *
   * Throws InvalidInputError for a policy that does not infer tasks, SpaceMismatchError for a row that does not fit.
   */
  infer(context: readonly ContextRow[]): Belief;
  /**
   * Call it when an episode begins: a hierarchy whose levels hold their latents for several steps starts anew. Nothing
   * else depends on it.
   */
  beginEpisode(): void;
  /** The file, a copy. */
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

/** A policy over what a file says. */
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
        throw new InvalidInputError('rng', 'to sample, give rng: Rng.fromSeed(1)');
      }
      const { data } = head.input;
      encodeValue(observationSpace, observation, data, 'act: observation');
      if (taskSpace !== undefined) {
        const numbers = given ?? (task?.infer && new Float32Array(taskSize));
        encodeValue(taskSpace, numbers, data, 'act: task', observationSpace.flatSize);
      } else if (given !== undefined) {
        throw new InvalidInputError('task', `this policy of ${agent} acts in one task; leave it out`);
      }
      return head.act(deterministic ? undefined : rng) as Action;
    },
    actBatch: (observations, options) => observations.map((each) => policy.act(each, options)),
    infer: (context) => {
      if (task?.infer !== undefined) return task.infer(context);
      throw new InvalidInputError('infer', `this policy of ${agent} does not infer tasks`);
    },
    beginEpisode: () => head.beginEpisode?.(),
    toBytes: () => bytes.slice(),
  };
  return policy;
}
