import { InvalidInputError } from '@maxent/core';
import { printParseErrorCode, visit } from 'jsonc-parser';
import { structureFlaw } from './json-structure.js';

/**
 * Reads a JSON document. `name` is its file, `-` for standard input, or `field` itself for a text of the command line.
 * A key given twice, the key `__proto__` and more than `DEEPEST` levels of brackets are refused, because no intended
 * document has them. Throws InvalidInputError for `field`, or for the path of a key at fault, which says where the text
 * is damaged.
 */
export function parseJson(content: string, name: string, field: string): unknown {
  // Some editors and shells on Windows start every file with a byte order mark, which JSON.parse refuses.
  const text = content.replace(/^\uFEFF/, '');
  const source = name === field ? 'the text' : name === '-' ? 'standard input' : name;
  const flaw = structureFlaw(text);
  const tooDeep = flaw?.path === '';
  let document: unknown;
  if (!tooDeep) {
    try {
      document = JSON.parse(text);
    } catch (error) {
      throw new InvalidInputError(field, `${source} is not JSON: ${damageOf(text)}`, { cause: error });
    }
  }
  if (flaw === undefined) return document;
  const place = placeOf(text, flaw.offset);
  if (tooDeep) {
    throw new InvalidInputError(field, `${source} ${flaw.problem} (${place}); nothing here needs that`);
  }
  throw new InvalidInputError(
    name === field ? `${field} ${flaw.path}` : flaw.path,
    `${flaw.problem} (${place})`,
  );
}

/** The first error as `line 3, column 7: comma expected`; JSON.parse reports the place only in some Node versions. */
function damageOf(text: string): string {
  let first: { problem: string; offset: number } | undefined;
  const onError = (code: number, offset: number): void => {
    const problem = printParseErrorCode(code)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase();
    first ??= { problem, offset };
  };
  visit(text, { onError }, { disallowComments: true });
  if (first === undefined) return 'the document is malformed';
  const { problem, offset } = first;
  return `${placeOf(text, offset)}: ${adviceOn(text.slice(offset)) ?? problem}`;
}

/** What to write instead of a word that Python and JavaScript print but JSON does not have. */
function adviceOn(rest: string): string | undefined {
  const word = /^[+-]?(nan|inf(inity)?|none|undefined)\b/i.exec(rest)?.[0];
  if (word === undefined) return undefined;
  return /inf/i.test(word)
    ? `${word} is not JSON; write "${word.startsWith('-') ? '-' : ''}Infinity", in quotes`
    : `${word} is not JSON; write null for a missing value`;
}

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}
