import type { Environment, ResetResult, StepResult } from '../environment.js';
import type { Space } from '../spaces/space.js';
import {
  changedObservation,
  dataTypeProblem,
  infoProblem,
  outsideProblem,
  WROTE_INTO_ACTION,
} from './environment-sentences.js';
import { describeSpace, flatCopy, sameNumbers } from './value-sentences.js';

/** Episodes that are looked at, if they have no more than `STEPS` steps together. */
const EPISODES = 3;
const STEPS = 1000;

type SpaceName = 'observationSpace' | 'actionSpace';

/**
 * What can be seen of an environment's contract while others use it, as by Gymnasium's PassiveEnvChecker: it looks at
 * the first episodes and calls, draws and changes nothing. Each method returns what is wrong, if anything is; what
 * leaves learning as it is goes to `warn`, once per kind. Arrays that are written over are of the latter sort: the loops
 * of `@maxent/training` copy what an environment could still change.
 */
export class PassiveCheck {
  private steps = 0;
  private episodeSteps = 0;
  private readonly ended: { readonly length: number; readonly terminated: boolean }[] = [];
  private readonly warned = new Set<string>();
  private readonly spaces: Readonly<Record<SpaceName, string>>;
  /** The newest observation, and its numbers before the environment went on. */
  private observation: { readonly value: unknown; numbers: Float64Array } | undefined;
  private action: Float64Array | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly observationSpace: Space<unknown>,
    private readonly actionSpace: Space<unknown>,
    private readonly warn: (call: string, message: string) => void,
  ) {
    this.spaces = {
      observationSpace: describeSpace(observationSpace),
      actionSpace: describeSpace(actionSpace),
    };
  }

  /** Whether enough was seen. */
  get done(): boolean {
    return this.ended.length >= EPISODES || this.steps >= STEPS;
  }

  /** The environment jumped to another state. */
  forget(): void {
    this.observation = undefined;
  }

  beforeReset(): void {
    this.remember();
  }

  afterReset(result: ResetResult<unknown>): string | undefined {
    this.episodeSteps = 0;
    return this.afterCall('reset', result, `${this.steps}`);
  }

  beforeStep(action: unknown): void {
    this.remember();
    this.action = attempt(() => flatCopy(this.actionSpace, action));
  }

  afterStep(result: StepResult<unknown>, action: unknown): string | undefined {
    this.steps += 1;
    this.episodeSteps += 1;
    if (this.action !== undefined && !sameNumbers(flatCopy(this.actionSpace, action), this.action)) {
      this.warnOnce('action', 'step', WROTE_INTO_ACTION);
    }
    const problem = this.afterCall('step', result, `${this.steps - 1}`);
    if (problem !== undefined) return problem;
    if (result.terminated || result.truncated) this.endEpisode(result);
    return undefined;
  }

  private afterCall(
    method: 'reset' | 'step',
    result: ResetResult<unknown> | StepResult<unknown>,
    index: string,
  ): string | undefined {
    const problem = infoProblem(method, result) ?? this.changedSpace(method);
    if (problem !== undefined) return problem;
    this.warnOnce('observation', method, this.changed(index));
    const { observation } = result;
    const space = this.observationSpace;
    this.warnOnce('bounds', method, outsideProblem(method, space, observation));
    this.warnOnce('type', method, dataTypeProblem(method, space, observation));
    this.observation = { value: observation, numbers: flatCopy(space, observation) };
    return undefined;
  }

  /** The caller owns observations and may have written into the last one since. */
  private remember(): void {
    const last = this.observation;
    if (last !== undefined)
      last.numbers = attempt(() => flatCopy(this.observationSpace, last.value)) ?? last.numbers;
  }

  private changed(index: string): string | undefined {
    const last = this.observation;
    if (last === undefined) return undefined;
    const same = sameNumbers(flatCopy(this.observationSpace, last.value), last.numbers);
    return same ? undefined : changedObservation(index);
  }

  /** In a step only another object is looked at: to compare bounds at each would cost too much for images. */
  private changedSpace(method: 'reset' | 'step'): string | undefined {
    const { observationSpace, actionSpace } = this;
    for (const [name, before] of Object.entries({ observationSpace, actionSpace }) as [
      SpaceName,
      Space<unknown>,
    ][]) {
      const now = this.environment[name] as Space<unknown>;
      if (now === before && method === 'step') continue;
      const [text, was] = [describeSpace(now), this.spaces[name]];
      if (text !== was) return `${name} became ${text} and was ${was}; it must stay the same`;
    }
    return undefined;
  }

  /** Episodes of one step each, after a longer one: a flag that `reset` does not clear. */
  private endEpisode({ terminated }: StepResult<unknown>): void {
    this.ended.push({ length: this.episodeSteps, terminated });
    const [first, ...others] = this.ended;
    const stuck = others.every((episode) => episode.terminated && episode.length === 1);
    if (others.length < 2 || first!.length === 1 || !stuck) return;
    const problem =
      'every episode after the first was terminated by its first step; does reset begin a new one?';
    this.warnOnce('ends', 'step', problem);
  }

  private warnOnce(kind: string, call: string, message: string | undefined): void {
    if (message === undefined || this.warned.has(kind)) return;
    this.warned.add(kind);
    this.warn(call, message);
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
