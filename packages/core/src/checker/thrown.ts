import { isMaxentError } from '../errors.js';
import { showValue } from '../show-value.js';

const LONGEST_MESSAGE = 500;

/** Describes what was thrown: the error's class and text and, if the engine says it, the place. Never throws. */
export function describeThrown(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error) && !isMaxentError(thrown)) return showValue(thrown);
    const { name, message } = thrown;
    const text = shorten(String(message));
    // Errors that maxent throws on purpose already say what is wrong.
    const place = isMaxentError(thrown) ? undefined : placeOf(String(thrown.stack));
    return `${String(name)}: ${text}${place === undefined ? '' : ` (${place})`}`;
  } catch {
    return 'an error that cannot be read';
  }
}

/** The first line of a stack trace that names a file: `at Walk.step (/plugin.mjs:12:34)`. */
function placeOf(stack: string): string | undefined {
  const line = stack.split('\n').find((text) => /^\s*(at .*|[^\s]*@.*):\d+:\d+\)?$/.test(text));
  return line?.trim();
}

function shorten(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}...` : text;
}

/** Whether a value is a promise, or anything else with a `then` method. Never throws. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}

/** Handles a promise that nobody will wait for, so that its rejection does not end the process. */
export function abandon(promise: PromiseLike<unknown>): void {
  Promise.resolve(promise).catch(() => undefined);
}
