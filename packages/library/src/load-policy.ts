import type { Plugin } from '@maxent/core';
import {
  type AnyAction,
  type AnyObservation,
  loadPolicy as loadFile,
  type PolicySource,
  readPolicy,
  type TrainedPolicy,
} from '@maxent/policy';
import type { CheckpointChoice } from '@maxent/training';
import { platform } from '#platform';

export interface LoadPolicyOptions {
  /** For a run directory: the newest checkpoint (the default), the best by evaluation, or the one at a step. */
  readonly checkpoint?: CheckpointChoice | undefined;
  /** For a run directory: the plugins that provide its agent and environment, if they are not built in. */
  readonly plugins?: readonly Plugin[] | undefined;
}

/**
 * Loads a policy from the bytes of a policy file, a URL, a `Response` or a `Blob`. A string is a URL in a browser; in
 * Node it is the path of a policy file or a run directory, or a URL if it begins with `http://` or `https://`.
 *
 * A file does not tell the compiler what type of action its policy gives, so you can: `loadPolicy<Float32Array>(...)`
 * gives arrays, `loadPolicy<number>(...)` numbers.
 *
 * Throws DamagedDataError for bytes that are not a policy, StorageError if the source cannot be read, UnknownNameError
 * for a run with an unknown agent or environment, and InvalidInputError for any other source.
 */
export async function loadPolicy<Action = AnyAction, Observation = AnyObservation>(
  source: PolicySource,
  options: LoadPolicyOptions = {},
): Promise<TrainedPolicy<Observation, Action>> {
  const bytes = await platform.readPolicy(source, options);
  return bytes === undefined ? loadFile(source) : readPolicy(bytes);
}
