import { fieldPath } from '@maxent/core';

/** No document read here nests brackets deeper than this; code that walks a document may recurse. */
const DEEPEST = 64;

export interface StructureFlaw {
  /** Path of the value or key at fault; empty for the whole document. */
  readonly path: string;
  readonly problem: string;
  /** Characters before the place at fault. */
  readonly offset: number;
}

interface Level {
  /** The keys so far; undefined in an array. */
  readonly keys: Set<string> | undefined;
  /** The key or index whose value is being read. */
  at: string | number;
  keyNext: boolean;
}

/**
 * Finds flaws that `JSON.parse` accepts: brackets nested more than `DEEPEST` levels, a key given twice in one object,
 * of which it takes the last, and the key `__proto__`, which code that copies objects drops. Returns the first flaw of
 * a document. If the text is not JSON, the result only says whether it is nested too deeply.
 */
export function structureFlaw(text: string): StructureFlaw | undefined {
  const levels: Level[] = [];
  for (let i = 0; i < text.length; i++) {
    const level = levels.at(-1);
    switch (text[i]) {
      case '[':
      case '{': {
        if (levels.length === DEEPEST) {
          return { path: '', problem: `is nested more than ${DEEPEST} levels deep`, offset: i };
        }
        const isObject = text[i] === '{';
        levels.push({ keys: isObject ? new Set() : undefined, at: isObject ? '' : 0, keyNext: isObject });
        break;
      }
      case ']':
      case '}':
        levels.pop();
        break;
      case ',':
        if (level?.keys !== undefined) level.keyNext = true;
        else if (level !== undefined) (level.at as number) += 1;
        break;
      case ':':
        if (level !== undefined) level.keyNext = false;
        break;
      case '"': {
        const end = endOfString(text, i);
        if (end === undefined) return undefined;
        if (level?.keys !== undefined && level.keyNext) {
          const key = keyOf(text.slice(i, end + 1));
          if (key === undefined) return undefined;
          level.at = key;
          const problem = level.keys.has(key)
            ? 'is given twice; give it once'
            : key === '__proto__'
              ? 'is a reserved name in JavaScript; use another'
              : undefined;
          if (problem !== undefined)
            return { path: fieldPath(levels.map(({ at }) => at)), problem, offset: i };
          level.keys.add(key);
        }
        i = end;
        break;
      }
    }
  }
  return undefined;
}

/** Index of the quote that ends the string that begins at `start`. */
function endOfString(text: string, start: number): number | undefined {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return undefined;
}

function keyOf(literal: string): string | undefined {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
