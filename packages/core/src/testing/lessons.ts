import type { Agent, Metrics, Transition } from '../agent.js';
import { actionProblem, metricsProblem, updateFormProblem } from '../checker/agent-sentences.js';
import { flatCopy, sameNumbers } from '../checker/value-sentences.js';
import { Rng } from '../random/rng.js';
import { showValue } from '../show-value.js';
import type { Space } from '../spaces/space.js';
import { ensure, ensureNone } from './checklist.js';

export interface Spaces {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
}

/** The results of one round of act, observe and update, as numbers. */
export interface Lesson {
  readonly action: Float64Array;
  readonly gradientSteps: number;
  readonly metrics: Metrics;
}

/** Watches what passes between agent and caller. */
export interface Teacher {
  onAction?(action: unknown): void;
  afterObserve?(transition: Transition<unknown, unknown>): void;
}

const SEED = 11;
const TERMINATION = 0.1;
const TRUNCATION = 0.05;

/** Runs rounds `from` to `to - 1` of act, observe and update, on experience that depends only on the round. */
export function teach(
  agent: Agent,
  spaces: Spaces,
  from: number,
  to: number,
  teacher: Teacher = {},
): Lesson[] {
  const lessons: Lesson[] = [];
  for (let t = from; t < to; t++) {
    const rng = Rng.fromSeed(SEED).split(t);
    const observation = spaces.observationSpace.sample(rng);
    const action: unknown = agent.act(observation, { deterministic: false });
    teacher.onAction?.(action);
    ensureNone(actionProblem('act', spaces.actionSpace, action));
    const numbers = flatCopy(spaces.actionSpace, action);
    const terminated = rng.uniform() < TERMINATION;
    const transition = {
      observation,
      action,
      reward: rng.normal(),
      nextObservation: spaces.observationSpace.sample(rng),
      terminated,
      truncated: !terminated && rng.uniform() < TRUNCATION,
    };
    agent.observe(transition);
    teacher.afterObserve?.(transition);
    const update = agent.update();
    ensureNone(updateFormProblem(update));
    const { gradientSteps } = update;
    const metrics = gradientSteps > 0 ? update.metrics() : {};
    ensureNone(metricsProblem(metrics));
    lessons.push({ action: numbers, gradientSteps, metrics });
  }
  return lessons;
}

/** An observation that occurs in no lesson. */
export function unseenObservation({ observationSpace }: Spaces): unknown {
  return observationSpace.sample(Rng.fromSeed(SEED).split('unseen'));
}

/** Fails the running rule unless both agents did the same, bit for bit. */
export function ensureSameLessons(what: string, expected: readonly Lesson[], found: readonly Lesson[]): void {
  expected.forEach((lesson, t) => {
    const other = found[t]!;
    const where = `${what} differs in round ${t}: expected`;
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
