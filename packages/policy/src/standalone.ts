// What an exported JavaScript module consists of, besides its policy: `toJavaScript` puts POLICY before this file's bundle.
import { Rng } from '@maxent/core';
import { readPolicy } from './file/read-policy.js';

/** The policy's file, as base64. */
declare const POLICY: string;

export const policy = readPolicy(Uint8Array.from(atob(POLICY), (character) => character.charCodeAt(0)));
export { Rng };
