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

/** How many episodes are checked, unless they have more than `STEPS` steps together. */
const EPISODES = 3;
const STEPS = 1000;

type SpaceName = 'observationSpace' | 'actionSpace';

/**
 * Checks an environment's contract while others use it, as Gymnasium's PassiveEnvChecker does: it watches the first
 * episodes and calls, draws and changes nothing. Each method returns what is wrong, if anything is. Problems that do
 * not harm learning go to `warn`, once per kind. Overwritten arrays are one of these, because the loops of
 * `@maxent/training` copy whatever an environment could still change.
 */
export class PassiveCheck {
  private steps = 0;
  private episodeSteps = 0;
  private readonly ended: { readonly length: number; readonly terminated: boolean }[] = [];
  private readonly warned = new Set<string>();
  private readonly spaces: Readonly<Record<SpaceName, string>>;
  /** The newest observation, and a copy of its numbers. */
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

  /** Whether it has seen enough. */
  get done(): boolean {
    return this.ended.length >= EPISODES || this.steps >= STEPS;
  }

  /** Called when the environment jumps to another state. */
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

  /** Copies the last observation again: the caller owns it and may have written into it. */
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

  /** In a step it only compares a space that is a new object: comparing bounds each time costs too much for images. */
  private changedSpace(method: 'reset' | 'step'): string | undefined {
    const { observationSpace, actionSpace } = this;
    for (const [name, before] of Object.entries({ observationSpace, actionSpace }) as [
      SpaceName,
      Space<unknown>,
    ][]) {
      const now = this.environment[name] as Space<unknown>;
      if (now === before && method === 'step') continue;
      const [text, was] = [describeSpace(now), this.spaces[name]];
      if (text !== was) return `${name} changed from ${was} to ${text}; it must stay the same`;
    }
    return undefined;
  }

  /** Finds episodes of one step each after a longer one, which means that `reset` does not clear a flag. */
  private endEpisode({ terminated }: StepResult<unknown>): void {
    this.ended.push({ length: this.episodeSteps, terminated });
    const [first, ...others] = this.ended;
    const stuck = others.every((episode) => episode.terminated && episode.length === 1);
    if (others.length < 2 || first!.length === 1 || !stuck) return;
    const problem =
      'every episode after the first was terminated by its first step; check that reset begins a new one';
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
