import { DivergenceError, EnvironmentFaultError, type Metrics, type StepResult } from '@maxent/core';

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
  if (isFinitePart(action)) return;
  throw new DivergenceError(
    `the agent's action is not finite at ${where}: learning has diverged. ${AFTER_DIVERGENCE}`,
  );
}

/** Whether reward and observation are finite numbers. */
export function isFiniteStep({ reward, observation }: StepResult<unknown>): boolean {
  return Number.isFinite(reward) && isFinitePart(observation);
}

/** The error for a step that is not finite. `where` names the step. */
export function stepFault({ reward }: StepResult<unknown>, where: string): EnvironmentFaultError {
  const fault = Number.isFinite(reward)
    ? 'an observation that is not finite'
    : `reward ${String(reward)}, which is not a finite number,`;
  return new EnvironmentFaultError(
    `the environment returned ${fault} at ${where}. Everything stored up to the last checkpoint is intact; correct ` +
      'the environment and resume.',
  );
}

function isFinitePart(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value instanceof Float32Array || value instanceof Float64Array) {
    for (let i = 0; i < value.length; i++) if (!Number.isFinite(value[i])) return false;
    return true;
  }
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isFinitePart);
}
