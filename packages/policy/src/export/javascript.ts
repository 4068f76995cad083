import { standaloneRuntime } from '#standalone';
import { readPolicy } from '../file/read-policy.js';

/**
 * Converts a policy file into one JavaScript module that imports nothing. It exports `policy`, a `TrainedPolicy`, and
 * `Rng`, for drawing samples. It runs wherever `loadPolicy` does, and acts with the same code.
 *
 * Throws DamagedDataError for bytes that are not a policy file.
 */
export async function toJavaScript(bytes: Uint8Array): Promise<string> {
  const { agent } = readPolicy(bytes);
  const policy = Buffer.from(bytes).toString('base64');
  return `// A trained policy (${agent.replaceAll(/[^\w -]/g, '?')}) that acts by itself: import { policy } from this file, then policy.act(observation).
const POLICY = '${policy}';
${await standaloneRuntime()}`;
}
