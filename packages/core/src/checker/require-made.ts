import type { Environment } from '../environment.js';
import { EnvironmentFaultError, PluginError } from '../errors.js';
import { environmentProblem, spacesProblem } from './environment-sentences.js';
import { noteName } from './names.js';
import { describeThrown } from './thrown.js';

/** Checks and names an environment that `call` of a definition just made. Throws as `createEnvironment` does. */
export function requireEnvironment<Env extends Environment>(name: string, call: string, made: Env): Env {
  requireMade(name, call, environmentProblem(made));
  noteName(made, name);
  let problem: string | undefined;
  try {
    problem = spacesProblem(made);
  } catch (thrown) {
    problem = `its spaces threw ${describeThrown(thrown)}`;
  }
  if (problem === undefined) return made;
  throw new EnvironmentFaultError(`${name}: ${problem}. Correct the environment.`);
}

/** Throws PluginError if there is a `problem` with what `call` of the named definition returned. */
export function requireMade(name: string, call: string, problem: string | undefined): void {
  if (problem !== undefined)
    throw new PluginError(`${name}: ${call} returned ${problem}. Correct the plugin.`);
}
