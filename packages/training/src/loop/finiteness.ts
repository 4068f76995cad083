import {
  type Agent,
  DivergenceError,
  EnvironmentFaultError,
  isFiniteValue,
  type Metrics,
  type Snapshot,
} from '@maxent/core';
import { describeFound, firstNonFinite, firstNonFiniteIn } from '../checkpoint-finiteness.js';

const AFTER_DIVERGENCE =
  'Start again with a smaller learning rate, or check the scale of rewards and observations.';

/** Throws DivergenceError that names the first metric that is not finite. */
export function assertFiniteMetrics(metrics: Metrics, step: number): void {
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) {
      throw new DivergenceError(
        `metric "${name}" is ${value} at environment step ${step}: learning has diverged. ${AFTER_DIVERGENCE}`,
      );
    }
  }
}

/**
 * Throws DivergenceError when an agent's action is not finite. To be asked before the environment, which would call
 * such an action a mistake of its caller. `where` names the step.
 */
export function assertFiniteAction(action: unknown, where: string): void {
  if (isFiniteValue(action)) return;
  throw new DivergenceError(
    `the agent's action is not finite at ${where}: learning has diverged. ${AFTER_DIVERGENCE}`,
  );
}

/**
 * Throws when a number of a checkpoint is not finite, naming where it is: DivergenceError for one of the agent's,
 * EnvironmentFaultError for any other, with `kept`, which says what is left to go on from.
 */
export function assertFiniteCheckpoint(checkpoint: Snapshot, step: number, kept: string): void {
  const found = firstNonFinite(checkpoint);
  if (found === undefined) return;
  const where = `the ${describeFound(found)} at environment step ${step}`;
  if (found.name.startsWith('agent/')) {
    throw new DivergenceError(`${where}: learning has diverged. ${AFTER_DIVERGENCE}`);
  }
  throw new EnvironmentFaultError(
    `${where}, which is not the agent's: the environment's observations, rewards or state are not finite. ${kept} ` +
      'Correct the environment.',
  );
}

/**
 * What to throw for an error that came up at a step: DivergenceError when the agent no longer holds finite numbers,
 * of which the error is then but a consequence, such as a draw from probabilities that are NaN; else the error itself.
 */
export function divergenceBehind(error: unknown, agent: Agent, where: string): unknown {
  const code = codeOf(error);
  if (code === 'ENVIRONMENT_FAULT' || code === 'STORAGE') return error;
  let found: ReturnType<typeof firstNonFiniteIn>;
  try {
    found = firstNonFiniteIn(agent.save());
  } catch {
    found = undefined;
  }
  if (code === 'DIVERGENCE')
    return placed(error as Error, where, found && `The agent's ${describeFound(found)}.`);
  if (found === undefined) return error;
  return new DivergenceError(
    `the agent's ${describeFound(found)} at ${where}: learning has diverged. ${AFTER_DIVERGENCE}`,
    { cause: error },
  );
}

/** An agent knows that it has diverged, but not where the run is, and an action does not tell which weights made it. */
function placed(error: Error, where: string, found: string | undefined): Error {
  const told = /\bstep \d/.test(error.message);
  if (told && found === undefined) return error;
  const message = told ? error.message : `at ${where}: ${error.message}`;
  return new DivergenceError(found === undefined ? message : joined(message, found), { cause: error });
}

/** Two sentences in one line, the first of which may lack its full stop. */
function joined(first: string, second: string): string {
  return `${first.replace(/\.$/, '')}. ${second}`;
}

/** The error of a run that ends, and for one that has diverged also what there is to go back to. */
export function endingIn(error: unknown, kept: string): unknown {
  if (codeOf(error) !== 'DIVERGENCE') return error;
  const { message, cause } = error as Error;
  return new DivergenceError(joined(message, kept), { cause: cause ?? error });
}

/** Not by class: a plugin may bring its own copy of the classes. */
function codeOf(error: unknown): unknown {
  return ((error ?? {}) as { readonly code?: unknown }).code;
}

/** Throws EnvironmentFaultError when rewards, finite one by one, add up to more than a number can hold. */
export function assertFiniteReturn(sum: number, where: string): void {
  if (Number.isFinite(sum)) return;
  throw new EnvironmentFaultError(
    `the rewards up to ${where} add up to ${sum}: each is finite, but together they are more than a number can hold. ` +
      'Scale the rewards of the environment down.',
  );
}
