import { type Environment, InvalidInputError } from '@maxent/core';
import type { Simulation } from '../simulation.js';

/** A wrapper has `inner`, a MuJoCo environment has `simulation`. */
interface Layer {
  readonly inner: Environment & Partial<Layer>;
  readonly simulation: Simulation;
}

/** Returns the simulation inside an environment and its wrappers. Throws InvalidInputError if there is none. */
export function simulationOf(environment: Environment): Simulation {
  // Look at properties, not classes: wrappers and the environment may come from other copies of these packages.
  let inner: Partial<Layer> = environment as Partial<Layer>;
  while (inner.simulation === undefined && typeof inner.inner?.step === 'function') inner = inner.inner;
  if (typeof inner.simulation?.arrays === 'object') return inner.simulation;
  throw new InvalidInputError('environment', 'expected a MuJoCo environment, or wrappers around one');
}
