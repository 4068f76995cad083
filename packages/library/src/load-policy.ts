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
  /** Of a run directory: the newest checkpoint, which is the default, the best by evaluation, or that of a step. */
  readonly checkpoint?: CheckpointChoice | undefined;
  /** Of a run directory: where its agent and environment come from, besides what is built in. */
  readonly plugins?: readonly Plugin[] | undefined;
}

/**
 * Loads a policy: the bytes of a policy file, a URL, a `Response` or a `Blob`. A text is an address in a browser and, in
 * Node, the path of a policy file or of a run directory, or the address of one if it begins with `http://` or `https://`.
 *
 * A file does not tell the compiler what its policy gives; whoever knows does: `loadPolicy<Float32Array>(...)` acts by arrays,
 * `loadPolicy<number>(...)` by numbers.
 *
 * Throws DamagedDataError for bytes that are not a policy, StorageError for what cannot be read, InvalidInputError for
 * anything else, and UnknownNameError for a run whose agent or environment is not known.
 */
export async function loadPolicy<Action = AnyAction, Observation = AnyObservation>(
  source: PolicySource,
  options: LoadPolicyOptions = {},
): Promise<TrainedPolicy<Observation, Action>> {
  const bytes = await platform.readPolicy(source, options);
  return bytes === undefined ? loadFile(source) : readPolicy(bytes);
}
