import type {
  Environment,
  RenderOptions,
  ResetOptions,
  ResetResult,
  StatisticsOptions,
  StepResult,
} from '../environment.js';
import { EnvironmentFaultError, InvalidInputError, isMaxentError } from '../errors.js';
import type { Snapshot } from '../snapshot.js';
import type { Space } from '../spaces/space.js';
import {
  endlessSentence,
  environmentProblem,
  limitProblem,
  resetProblem,
  spacesProblem,
  stateProblem,
  stepProblem,
} from './environment-sentences.js';
import { nameOf } from './names.js';
import { PassiveCheck } from './passive-check.js';
import { snapshotProblem } from './snapshot-sentences.js';
import { abandon, describeThrown, isPromise } from './thrown.js';
import { isFiniteValue, wrongShape } from './value-sentences.js';

export interface GuardOptions {
  /** Check the first episodes more closely: at most 3 episodes and 1,000 steps. Default true. */
  readonly check?: boolean | undefined;
  /**
   * Says where in the run a call happens: `environment step 57`. Default: step and episode since the guard was made.
   */
  readonly where?: ((call: string) => string) | undefined;
  /** Let infinite observations and rewards pass, for when nothing learns from them. Default false. */
  readonly infinite?: boolean | undefined;
  /** What to do about a fault, at the end of its message. Default: `Correct the environment.` */
  readonly advice?: string | undefined;
  /** The number of steps by which every episode must have ended. Default: none, so episodes may go on forever. */
  readonly episodeLimit?: number | undefined;
  /** Called once for each kind of oddity that is not a fault. Default: nothing is called. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * An environment whose faults all become EnvironmentFaultError, which names the environment, its plugin, the call and
 * the step, what was found and what to do, and keeps what was thrown as its cause.
 *
 * It always reports whatever a call throws; results, observations, rewards, flags, states and spaces that break the
 * contract; numbers that are not finite; and episodes longer than `episodeLimit`. With `check` it also reports what
 * `PassiveCheck` finds in the first episodes. It makes no calls, draws and changes of its own, and passes results on
 * unchanged.
 *
 * Errors that answer the caller's own mistake pass through: InvalidStateError for a call at the wrong time,
 * SpaceMismatchError for an action that does not fit the space, SnapshotMismatchError for a state from something else.
 *
 * If the environment is already guarded, its guard takes over these options.
 *
 * Throws InvalidInputError for anything that is not an environment, EnvironmentFaultError if its spaces are not spaces.
 */
export function guardEnvironment(environment: Environment, options: GuardOptions = {}): GuardedEnvironment {
  if (!(environment instanceof GuardedEnvironment)) return new GuardedEnvironment(environment, options);
  environment.adopt(options);
  return environment;
}

/** The beginning of an agent's message when it refuses an observation or a reward. */
const REFUSED = /^(act: observation|observe: (observation|nextObservation|reward))\b/;

/** As `GuardedEnvironment.refusal`, for an environment that has no guard here; `where` names it and the step. */
export function refusalFault(error: unknown, where: string, advice: string): unknown {
  if (!isMaxentError(error) || !REFUSED.test(error.message)) return error;
  if (error.code !== 'SPACE_MISMATCH' && error.code !== 'INVALID_INPUT') return error;
  return new EnvironmentFaultError(`${where}: ${error.message}. ${advice}`, { cause: error });
}

export class GuardedEnvironment implements Environment {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly render?: (options?: RenderOptions) => string | Promise<string>;
  readonly observe?: () => unknown;
  readonly maxEpisodeSteps?: number;
  readonly getState?: () => Snapshot;
  readonly setState?: (state: Snapshot) => void;
  readonly getStatistics?: () => Snapshot;
  readonly setStatistics?: (statistics: Snapshot, options?: StatisticsOptions) => void;
  /** Says where in the run a call happens. */
  where: (call: string) => string;
  private readonly infinite: boolean;
  private advice = 'Correct the environment.';
  private onWarning: ((message: string) => void) | undefined;
  private check: PassiveCheck | undefined;
  private episodeLimit = Number.POSITIVE_INFINITY;
  private episode = 0;
  private episodeSteps = 0;
  /** Whether an episode is running; undefined after a state was set, because that state may end an episode. */
  private running: boolean | undefined = false;

  constructor(
    readonly inner: Environment,
    options: GuardOptions,
  ) {
    const problem = environmentProblem(inner);
    if (problem !== undefined) {
      throw new InvalidInputError('environment', `expected an environment, got ${problem}`);
    }
    this.where = (call) =>
      `${call === 'step' ? `step ${this.episodeSteps}` : call} of episode ${this.episode}`;
    this.infinite = options.infinite === true;
    this.adopt(options);
    const { observationSpace, actionSpace } = this.attempt('its spaces', () => {
      this.require(spacesProblem(inner) ?? limitProblem(inner.maxEpisodeSteps), 'its spaces');
      return { observationSpace: inner.observationSpace, actionSpace: inner.actionSpace };
    });
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    if (options.check !== false) {
      this.requireChecked(stateProblem(inner), 'its state');
      this.check = new PassiveCheck(inner, this.observationSpace, this.actionSpace, (call, message) =>
        this.onWarning?.(this.sentence(call, message)),
      );
    }
    const { maxEpisodeSteps } = inner;
    if (Number.isInteger(maxEpisodeSteps)) this.maxEpisodeSteps = maxEpisodeSteps!;
    if (offers(inner, 'render'))
      this.render = (options) => this.attempt('render', () => inner.render!(options));
    if (offers(inner, 'observe')) this.observe = () => this.attempt('observe', () => inner.observe?.());
    if (offers(inner, 'getState') && offers(inner, 'setState')) {
      this.getState = () => this.given('getState', () => inner.getState!());
      this.setState = (state) => {
        this.taken('setState', () => inner.setState!(state));
        this.running = undefined;
        this.check?.forget();
      };
    }
    if (offers(inner, 'getStatistics') && offers(inner, 'setStatistics')) {
      this.getStatistics = () => this.given('getStatistics', () => inner.getStatistics!());
      this.setStatistics = (statistics, given) =>
        this.taken('setStatistics', () => inner.setStatistics!(statistics, given));
    }
  }

  /** Its name in messages, such as `environment "Walk-v0" of plugin "walking"`: the innermost one that has a name. */
  get name(): string {
    return nameOf('environment', this.inner);
  }

  /** Takes over the options that are given. */
  adopt({ check, where, advice, episodeLimit, onWarning }: GuardOptions): void {
    if (check === false) this.check = undefined;
    this.where = where ?? this.where;
    this.advice = advice ?? this.advice;
    this.episodeLimit = episodeLimit ?? this.episodeLimit;
    this.onWarning = onWarning ?? this.onWarning;
  }

  reset(options?: ResetOptions): ResetResult<unknown> {
    this.episode += 1;
    this.episodeSteps = 0;
    return this.attempt(
      'reset',
      () => {
        this.check?.beforeReset();
        const result = this.inner.reset(options);
        this.require(resetProblem(this.observationSpace, result, this.infinite), 'reset', result);
        this.requireChecked(this.check?.afterReset(result), 'reset');
        this.running = true;
        return result;
      },
      options,
    );
  }

  step(action: unknown): StepResult<unknown> {
    this.episodeSteps += 1;
    try {
      const { check } = this;
      check?.beforeStep(action);
      const result = this.inner.step(action);
      const problem = stepProblem(this.observationSpace, result, this.infinite);
      if (problem !== undefined) this.require(problem, 'step', result);
      if (check !== undefined) this.judge(check, result, action);
      this.running = !result.terminated && !result.truncated;
      if (this.running && this.episodeSteps >= this.episodeLimit) {
        throw this.fault('step', endlessSentence(this.episodeLimit));
      }
      return result;
    } catch (thrown) {
      throw this.translate('step', thrown, action);
    }
  }

  /** What `close` throws becomes a warning, because everything computed before it is still valid. */
  close(): void {
    try {
      this.running = false;
      const given: unknown = this.inner.close();
      if (isPromise(given)) abandon(given);
    } catch (thrown) {
      if (this.onWarning === undefined) throw this.translate('close', thrown, undefined);
      this.onWarning(this.sentence('', `close threw ${describeThrown(thrown)}`));
    }
  }

  /**
   * The error to report when an agent throws. If it refuses this environment's numbers, which are finite but too large
   * for the agent to compute with, that is an EnvironmentFaultError. Other errors are returned unchanged. `where` names
   * the step.
   */
  refusal(error: unknown, where: string): unknown {
    return refusalFault(error, `${this.name}, ${where}`, this.advice);
  }

  private judge(check: PassiveCheck, result: StepResult<unknown>, action: unknown): void {
    this.requireChecked(check.afterStep(result, action), 'step');
    if (check.done) this.check = undefined;
  }

  /** Runs a `call` that returns a snapshot. */
  private given(call: string, work: () => Snapshot): Snapshot {
    return this.attempt(call, () => {
      const state = work();
      this.require(snapshotProblem(call, state), call, state);
      return state;
    });
  }

  /** Runs a `call` that takes a snapshot. */
  private taken(call: string, work: () => unknown): void {
    this.attempt(call, () => {
      const found = work();
      if (isPromise(found))
        this.require(`${call} returned a promise; it must finish before it returns`, call, found);
    });
  }

  private require(problem: string | undefined, call: string, found?: unknown): void {
    if (problem === undefined) return;
    if (isPromise(found)) abandon(found);
    throw this.fault(call, problem);
  }

  private requireChecked(problem: string | undefined, call: string): void {
    if (problem !== undefined)
      throw this.fault(call, `${problem}. check: false (--no-check) leaves this check out`);
  }

  private fault(call: string, problem: string, cause?: ErrorOptions): EnvironmentFaultError {
    return new EnvironmentFaultError(`${this.sentence(call, problem)}. ${this.advice}`, cause);
  }

  private attempt<T>(call: string, work: () => T, given?: unknown): T {
    try {
      return work();
    } catch (thrown) {
      throw this.translate(call, thrown, given);
    }
  }

  /** The error that reports what a call threw. */
  private translate(call: string, thrown: unknown, given: unknown): unknown {
    if (isMaxentError(thrown) && this.answersCaller(thrown.code, call, given)) return thrown;
    return this.fault(call, `${call} threw ${describeThrown(thrown)}`, { cause: thrown });
  }

  private answersCaller(code: string, call: string, given: unknown): boolean {
    switch (code) {
      case 'ENVIRONMENT_FAULT':
      case 'AGENT_FAULT':
      case 'DIVERGENCE':
        return true;
      case 'INVALID_STATE':
        return call !== 'step' || this.running !== true;
      case 'SPACE_MISMATCH':
        return (
          call === 'step' && !(wrongShape(this.actionSpace, given) === undefined && isFiniteValue(given))
        );
      case 'INVALID_INPUT': {
        const seed = (given as ResetOptions | undefined)?.seed;
        return call === 'reset' && seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0);
      }
      case 'SNAPSHOT_MISMATCH':
      case 'DAMAGED_DATA':
        return call === 'setState' || call === 'setStatistics';
      default:
        return false;
    }
  }

  private sentence(call: string, problem: string): string {
    const where = call === 'reset' || call === 'step' ? `, ${this.where(call)}` : '';
    return `${this.name}${where}: ${problem}`;
  }
}

function offers(environment: Environment, method: keyof Environment): boolean {
  return typeof environment[method] === 'function';
}
