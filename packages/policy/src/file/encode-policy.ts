import { encodeSafetensors, InvalidInputError, isMaxentError, type PolicyDescription } from '@maxent/core';
import { checksumOf } from './checksum.js';
import { FORMAT_VERSION, readPolicy } from './read-policy.js';
import { spaceToJson } from './spaces.js';

/**
 * Writes a policy as one safetensors file: its tensors and, as metadata, its description in JSON (`policy`) and a
 * checksum of both (`crc32`). Equal descriptions give equal bytes.
 *
 * Throws InvalidInputError for what `readPolicy` would refuse, such as a head or a layer that is unknown or a weight that
 * is not finite, and for spaces other than Box, Discrete, MultiDiscrete and Dict.
 */
export function encodePolicy(description: PolicyDescription): Uint8Array<ArrayBuffer> {
  const { tensors, observationSpace, actionSpace, task = null, provenance = {}, ...rest } = description;
  const policy = JSON.stringify({
    version: FORMAT_VERSION,
    ...rest,
    observationSpace: spaceToJson('observationSpace', observationSpace),
    actionSpace: spaceToJson('actionSpace', actionSpace),
    task,
    provenance,
  });
  const bytes = encodeSafetensors({ tensors, metadata: { policy, crc32: checksumOf(policy, tensors) } });
  try {
    readPolicy(bytes);
  } catch (cause) {
    if (!isMaxentError(cause, 'DAMAGED_DATA')) throw cause;
    throw new InvalidInputError('description', `cannot be read back: ${cause.message}`, { cause });
  }
  return bytes;
}
