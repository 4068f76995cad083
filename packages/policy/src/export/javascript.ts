import { standaloneRuntime } from '#standalone';
import { readPolicy } from '../file/read-policy.js';

/**
 * A policy file as one JavaScript module that imports nothing: it exports `policy`, a `TrainedPolicy`, and `Rng`, which
 * samples are drawn from. It runs wherever `loadPolicy` does, and acts by the same code.
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
