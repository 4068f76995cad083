import type { Agent, Metrics, Transition } from '../agent.js';
import { actionProblem, metricsProblem, updateFormProblem } from '../checker/agent-sentences.js';
import { flatCopy, sameNumbers } from '../checker/value-sentences.js';
import { Rng } from '../random/rng.js';
import { showValue } from '../show-value.js';
import { type Snapshot, snapshotsEqual } from '../snapshot.js';
import type { Space } from '../spaces/space.js';
import { ensure, ensureNone } from './checklist.js';
import { storedCopy } from './values.js';

export interface Spaces {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
}

/** The results of act, observe and update in one round and environment, as numbers. */
export interface Lesson {
  readonly round: number;
  readonly environment: number | undefined;
  readonly action: Float64Array;
  readonly gradientSteps: number;
  readonly metrics: Metrics;
}

/** Where lessons happen, and what watches what passes between agent and caller. */
export interface Teacher {
  /** The environments of each round, by index. Absent for one environment, which the agent is not told. */
  readonly environments?: readonly number[];
  onAction?(action: unknown): void;
  afterObserve?(transition: Transition<unknown, unknown>): void;
}

const SEED = 11;
const TERMINATION = 0.1;
const TRUNCATION = 0.05;

/**
 * Runs rounds `from` to `to - 1`: act in each environment, then observe and update for each. The experience depends
 * only on round and environment; that of environment 0 is the same without others.
 */
export function teach(
  agent: Agent,
  spaces: Spaces,
  from: number,
  to: number,
  teacher: Teacher = {},
): Lesson[] {
  return Array.from({ length: to - from }, (_, i) => teachRound(agent, spaces, from + i, teacher)).flat();
}

function teachRound(agent: Agent, spaces: Spaces, round: number, teacher: Teacher): Lesson[] {
  const environments = teacher.environments ?? [undefined];
  const steps = environments.map((environment) => {
    const ofRound = Rng.fromSeed(SEED).split(round);
    const rng = environment === undefined || environment === 0 ? ofRound : ofRound.split(environment);
    const where = environment === undefined ? {} : { environment };
    const observation = spaces.observationSpace.sample(rng);
    const action: unknown = agent.act(observation, { deterministic: false, ...where });
    teacher.onAction?.(action);
    ensureNone(actionProblem('act', spaces.actionSpace, action));
    return { environment, rng, where, observation, action, numbers: flatCopy(spaces.actionSpace, action) };
  });
  return steps.map(({ environment, rng, where, observation, action, numbers }) => {
    const terminated = rng.uniform() < TERMINATION;
    const transition = {
      observation,
      action,
      reward: rng.normal(),
      nextObservation: spaces.observationSpace.sample(rng),
      terminated,
      truncated: !terminated && rng.uniform() < TRUNCATION,
      ...where,
    };
    agent.observe(transition);
    teacher.afterObserve?.(transition);
    const update = agent.update();
    ensureNone(updateFormProblem(update));
    const { gradientSteps } = update;
    const metrics = gradientSteps > 0 ? update.metrics() : {};
    ensureNone(metricsProblem(metrics));
    return { round, environment, action: numbers, gradientSteps, metrics };
  });
}

/** An observation that occurs in no lesson. */
export function unseenObservation({ observationSpace }: Spaces): unknown {
  return observationSpace.sample(Rng.fromSeed(SEED).split('unseen'));
}

/** Fails the running rule unless both agents did the same, bit for bit. */
export function ensureSameLessons(what: string, expected: readonly Lesson[], found: readonly Lesson[]): void {
  expected.forEach((lesson, i) => {
    const other = found[i]!;
    const { round, environment } = other;
    const place = environment === undefined ? '' : `, environment ${environment}`;
    const where = `${what} differs in round ${round}${place}: expected`;
    ensure(
      sameNumbers(lesson.action, other.action),
      () => `${where} action ${showValue(lesson.action)}, got ${showValue(other.action)}`,
    );
    ensure(
      lesson.gradientSteps === other.gradientSteps,
      () => `${where} ${lesson.gradientSteps} gradient steps, got ${other.gradientSteps}`,
    );
    const names = Object.keys({ ...lesson.metrics, ...other.metrics });
    const differing = names.find((name) => !Object.is(lesson.metrics[name], other.metrics[name]));
    ensure(
      differing === undefined,
      () => `${where} metric ${differing} = ${lesson.metrics[differing!]}, got ${other.metrics[differing!]}`,
    );
  });
}

/** What an agent did and saved after its state was stored. */
interface Continuation {
  readonly stored: Snapshot;
  readonly tail: readonly Lesson[];
  readonly end: Snapshot;
}

/** Fails the running rule unless an agent that loads `stored`, and then learns, does the same as the original. */
export function ensureContinues(
  agent: Agent,
  { stored, tail, end }: Continuation,
  learn: () => readonly Lesson[],
): void {
  agent.load(stored);
  ensure(
    snapshotsEqual(storedCopy(agent.save()), stored),
    () => 'save right after load returns a different state from the one loaded',
  );
  ensureSameLessons('a new agent after load', tail, learn());
  ensure(
    snapshotsEqual(storedCopy(agent.save()), end),
    () => 'after the same experience, the loaded agent saves a different state from the original',
  );
}
