import { encodeSafetensors, type PolicyDescription } from '@maxent/core';
import { checksumOf } from './checksum.js';
import { spaceToJson } from './spaces.js';

/** The version of the format; files of other versions are refused. */
export const FORMAT_VERSION = 1;

/**
 * Writes a policy as one safetensors file: its tensors and, as metadata, its description in JSON (`policy`) and a
 * checksum of both (`crc32`). Equal descriptions give equal bytes.
 *
 * Throws InvalidInputError for spaces other than Box, Discrete, MultiDiscrete and Dict.
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
  return encodeSafetensors({ tensors, metadata: { policy, crc32: checksumOf(policy, tensors) } });
}
