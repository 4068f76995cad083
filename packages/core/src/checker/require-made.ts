import type { Environment } from '../environment.js';
import { EnvironmentFaultError, PluginError } from '../errors.js';
import { environmentProblem, spacesProblem } from './environment-sentences.js';
import { noteName } from './names.js';
import { describeThrown } from './thrown.js';

/** Names an environment that was just made, by `call` of the named definition. Throws as `createEnvironment`. */
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

/** Throws PluginError when `call` of the named definition gave the wrong thing. */
export function requireMade(name: string, call: string, problem: string | undefined): void {
  if (problem !== undefined) throw new PluginError(`${name}: ${call} gave ${problem}. Correct the plugin.`);
}
