import { InvalidInputError, StorageError, showValue } from '@maxent/core';
import { readPolicy } from './file/read-policy.js';
import type { AnyAction, AnyObservation, TrainedPolicy } from './policy.js';

/** Where a policy file comes from: its bytes, its address, or what `fetch` or an input of a page gave. */
export type PolicySource = Uint8Array | ArrayBuffer | URL | string | Response | Blob;

/**
 * Loads a policy file. A text is an address, relative to the page in a browser; files by path are for `loadPolicy` of
 * `@maxent/policy/node`.
 *
 * A file does not tell the compiler what its policy gives; whoever knows does: `loadPolicy<Float32Array>(...)` acts by arrays,
 * `loadPolicy<number>(...)` by numbers.
 *
 * Throws StorageError when the address cannot be read, what `readPolicy` throws, and InvalidInputError for anything else.
 */
export async function loadPolicy<Action = AnyAction, Observation = AnyObservation>(
  source: PolicySource,
): Promise<TrainedPolicy<Observation, Action>> {
  return readPolicy(await bytesOf(source));
}

async function bytesOf(source: PolicySource): Promise<Uint8Array> {
  const kind = Object.prototype.toString.call(source);
  if (/Array/.test(kind) && !Array.isArray(source)) return new Uint8Array(source as ArrayBuffer);
  const body = /String|URL/.test(kind) ? await fetchFrom(source as URL) : (source as Response);
  if (typeof body?.arrayBuffer !== 'function') {
    throw new InvalidInputError(
      'source',
      `expected bytes, an address, a Response or a Blob, got ${showValue(source)}`,
    );
  }
  if (body.ok === false) throw new StorageError(`no policy at ${body.url}: status ${body.status}`);
  return new Uint8Array(await body.arrayBuffer());
}

async function fetchFrom(address: URL): Promise<Response> {
  try {
    return await fetch(address);
  } catch (cause) {
    throw new StorageError(`no policy at ${address}: ${(cause as Error).message}`, { cause });
  }
}
