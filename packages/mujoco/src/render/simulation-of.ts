import { type Environment, InvalidInputError } from '@maxent/core';
import { EnvironmentWrapper } from '@maxent/envs';
import { MujocoEnvironment } from '../mujoco-environment.js';
import type { Simulation } from '../simulation.js';

/** The simulation inside an environment and its wrappers. Throws InvalidInputError when there is none. */
export function simulationOf(environment: Environment): Simulation {
  let inner = environment;
  while (inner instanceof EnvironmentWrapper) inner = inner.inner;
  if (inner instanceof MujocoEnvironment) return inner.simulation;
  throw new InvalidInputError('environment', 'expected a MuJoCo environment, or wrappers around one');
}
