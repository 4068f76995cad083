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

/** Throws DivergenceError, which names the first metric that is not finite. */
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
 * Throws DivergenceError if an agent's action is not finite. Call it before the environment's step, which would blame
 * its caller for such an action. `where` names the step.
 */
export function assertFiniteAction(action: unknown, where: string): void {
  if (isFiniteValue(action)) return;
  throw new DivergenceError(
    `the agent's action is not finite at ${where}: learning has diverged. ${AFTER_DIVERGENCE}`,
  );
}

/**
 * Throws if a number in a checkpoint is not finite, and says where it is: DivergenceError for one of the agent's,
 * EnvironmentFaultError for any other, with `kept`, which says which checkpoint is left.
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
 * The error to throw for one that occurred at a step: DivergenceError if the agent's numbers are no longer finite,
 * because the error is then only a consequence, such as a draw from NaN probabilities; otherwise the error itself.
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

/**
 * An agent knows that it has diverged but not at which step of the run, and an action does not show which weights are
 * wrong.
 */
function placed(error: Error, where: string, found: string | undefined): Error {
  const told = /\bstep \d/.test(error.message);
  if (told && found === undefined) return error;
  const message = told ? error.message : `at ${where}: ${error.message}`;
  return new DivergenceError(found === undefined ? message : joined(message, found), { cause: error });
}

/** Two sentences on one line; adds the first one's period if it is missing. */
function joined(first: string, second: string): string {
  return `${first.replace(/\.$/, '')}. ${second}`;
}

/** The error that ends a run; if the run has diverged, with the checkpoint that is left. */
export function endingIn(error: unknown, kept: string): unknown {
  if (codeOf(error) !== 'DIVERGENCE') return error;
  const { message, cause } = error as Error;
  return new DivergenceError(joined(message, kept), { cause: cause ?? error });
}

/** Compares codes, not classes: a plugin may bring its own copy of the classes. */
function codeOf(error: unknown): unknown {
  return ((error ?? {}) as { readonly code?: unknown }).code;
}

/** Throws EnvironmentFaultError if finite rewards add up to more than a number can hold. */
export function assertFiniteReturn(sum: number, where: string): void {
  if (Number.isFinite(sum)) return;
  throw new EnvironmentFaultError(
    `the rewards up to ${where} add up to ${sum}: each is finite, but together they are more than a number can hold. ` +
      'Scale the rewards of the environment down.',
  );
}
