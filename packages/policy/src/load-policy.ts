import { InvalidInputError, StorageError, showValue } from '@maxent/core';
import { readPolicy } from './file/read-policy.js';
import type { AnyAction, AnyObservation, TrainedPolicy } from './policy.js';

/** Where a policy file comes from: its bytes, its address, or what `fetch` or an input of a page gave. */
export type PolicySource = Uint8Array | ArrayBuffer | URL | string | Response | Blob;

/**
 * Loads a policy file. A text is an address, relative to the page in a browser; files by path are for `loadPolicy` of
 * `@maxent/policy/node`.
 *
 * Throws StorageError when the address cannot be read, what `readPolicy` throws, and InvalidInputError for anything else.
 */
export async function loadPolicy<Observation = AnyObservation, Action = AnyAction>(
  source: PolicySource,
): Promise<TrainedPolicy<Observation, Action>> {
  return readPolicy(await bytesOf(source));
}

async function bytesOf(source: PolicySource): Promise<Uint8Array> {
  if (ArrayBuffer.isView(source)) return source;
  const kind = Object.prototype.toString.call(source).slice(8, -1);
  if (kind === 'ArrayBuffer') return new Uint8Array(source as ArrayBuffer);
  if (kind === 'Blob' || kind === 'File') return new Uint8Array(await (source as Blob).arrayBuffer());
  if (kind === 'Response') return bodyOf(source as Response, (source as Response).url);
  if (typeof source === 'string' || kind === 'URL') {
    const address = String(source);
    let response: Response;
    try {
      response = await fetch(address);
    } catch (cause) {
      throw new StorageError(`cannot load the policy from ${address}: ${(cause as Error).message}`, {
        cause,
      });
    }
    return bodyOf(response, address);
  }
  throw new InvalidInputError(
    'source',
    `expected the bytes of a policy file, an address, a Response or a Blob, got ${showValue(source)}`,
  );
}

async function bodyOf(response: Response, address: string): Promise<Uint8Array> {
  if (!response.ok)
    throw new StorageError(`cannot load the policy from ${address}: status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
