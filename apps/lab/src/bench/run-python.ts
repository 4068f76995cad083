import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { packageDirectory } from '../machine.js';

const MAX_OUTPUT_BYTES = 2 ** 28;

/**
 * The JSON document that a script of `peers/` prints. Throws InvalidInputError if the interpreter cannot be started or
 * lacks a package.
 */
export function runPython(python: string, file: string, args: readonly (string | number)[]): unknown {
  const script = join(packageDirectory, 'peers', file);
  try {
    const output = execFileSync(python, [script, ...args.map(String)], {
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT_BYTES,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(output);
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    const reason = stderr?.trim().split('\n').at(-1) || message;
    throw new InvalidInputError(
      'python',
      `"${python}" cannot run ${script}: ${reason}. Give --python PATH of an interpreter with the packages of peers/requirements.txt`,
      { cause },
    );
  }
}
