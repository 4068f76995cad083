import { InvalidInputError, StorageError, showValue } from '@maxent/core';
import { readPolicy } from './file/read-policy.js';
import type { AnyAction, AnyObservation, TrainedPolicy } from './policy.js';

/** Where a policy file comes from: its bytes, its address, a `fetch` response, or a file chosen in a page. */
export type PolicySource = Uint8Array | ArrayBuffer | URL | string | Response | Blob;

/**
 * Loads a policy file. A string is an address, which may be relative to the page in a browser. To load a file by its
 * path, use `loadPolicy` of `@maxent/policy/node`.
 *
 * The file cannot tell the compiler the type of the policy's actions, but you can: `loadPolicy<Float32Array>(...)` acts
 * with arrays, `loadPolicy<number>(...)` with numbers.
 *
 * Throws StorageError if the address cannot be read, InvalidInputError for any other kind of source, and whatever
 * `readPolicy` throws.
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
