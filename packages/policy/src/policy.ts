import {
  type Belief,
  type BoxArray,
  encodeValue,
  InvalidInputError,
  InvalidStateError,
  isNumberList,
  type JsonObject,
  type Policy,
  type Rng,
  type Space,
  showValue,
} from '@maxent/core';
import type { Head } from './heads/head.js';
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
   * What the policy sees of the task, for policies that act upon one: a belief's mean or a draw from it, or the task's
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
  /** Numbers that it sees of a task beside the observation; 0 for policies of one task. */
  readonly taskSize: number;
  /**
   * The action for one observation: deterministic unless told otherwise. For a Box, any flat list of numbers of its size
   * will do.
   *
   * Throws SpaceMismatchError for what is no observation of the space or not finite, InvalidInputError for an option that
   * does not fit, DivergenceError where the network computes what is not finite.
   */
  act(observation: Observation, options?: PolicyActOptions): Action;
  /** An action for each observation, drawn one after the other. Throws what `act` throws. */
  actBatch(observations: readonly Observation[], options?: PolicyActOptions): Action[];
  /**
   * What is believed of a task after these steps in it, in any order; N(0, I) after none. Act upon it by
   * `act(observation, { task: belief.mean })`.
   *
   * Throws InvalidStateError for a policy that does not infer tasks, SpaceMismatchError or InvalidInputError for a row
   * that does not fit.
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

/** A policy that was read from a file. */
export class FilePolicy<Observation, Action> implements TrainedPolicy<Observation, Action> {
  readonly agent: string;
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  readonly provenance: JsonObject;
  readonly taskSize: number;
  private readonly head: Head;
  private readonly task: TaskInference | undefined;
  private readonly bytes: Uint8Array<ArrayBuffer>;

  constructor({
    agent,
    observationSpace,
    actionSpace,
    provenance,
    head,
    task,
    bytes,
  }: Parts<Observation, Action>) {
    this.agent = agent;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.provenance = provenance;
    this.taskSize = task?.size ?? 0;
    this.head = head;
    this.task = task;
    this.bytes = new Uint8Array(bytes);
  }

  act(observation: Observation, { deterministic = true, rng, task }: PolicyActOptions = {}): Action {
    if (!deterministic && rng === undefined) {
      throw new InvalidInputError(
        'rng',
        'a sample is drawn from an Rng: give { deterministic: false, rng: Rng.fromSeed(1) }',
      );
    }
    const { input, act } = this.head;
    encodeValue(this.observationSpace, observation, input.data, 'act: observation');
    if (this.task !== undefined || task !== undefined) this.writeTask(task);
    return act(deterministic ? undefined : rng) as Action;
  }

  actBatch(observations: readonly Observation[], options?: PolicyActOptions): Action[] {
    return observations.map((observation) => this.act(observation, options));
  }

  infer(context: readonly ContextRow[]): Belief {
    if (this.task?.infer === undefined) {
      throw new InvalidStateError(`infer: this policy of ${this.agent} does not infer tasks`);
    }
    return this.task.infer(context);
  }

  beginEpisode(): void {
    this.head.beginEpisode?.();
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice();
  }

  private writeTask(given: ArrayLike<number> | undefined): void {
    const { taskSize } = this;
    const task = given ?? (this.task?.infer && new Float32Array(taskSize));
    if (!isNumberList(task, taskSize) || !Array.from(task).every(Number.isFinite)) {
      throw new InvalidInputError(
        'task',
        `expected ${taskSize === 0 ? 'none, as this policy has one task' : `a list of ${taskSize} finite numbers`}, got ${showValue(given)}`,
      );
    }
    this.head.input.data.set(task, this.observationSpace.flatSize);
  }
}
