// The code of an exported JavaScript module: `toJavaScript` puts the policy, as POLICY, before this file's bundle.
import { Rng } from '@maxent/core';
import { readPolicy } from './file/read-policy.js';

/** The policy file, as base64. */
declare const POLICY: string;

export const policy = readPolicy(Uint8Array.from(atob(POLICY), (character) => character.charCodeAt(0)));
export { Rng };
