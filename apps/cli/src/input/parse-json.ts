import { InvalidInputError } from '@maxent/core';
import { printParseErrorCode, visit } from 'jsonc-parser';

/** Reads a JSON document. Throws InvalidInputError for `field` that says where in the file `name` it is damaged. */
export function parseJson(content: string, name: string, field: string): unknown {
  // Some editors and shells on Windows begin every file with a byte order mark, which JSON.parse refuses.
  const text = content.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const file = name === '-' ? 'standard input' : name;
    throw new InvalidInputError(field, `${file} is not JSON: ${placeOfDamage(text)}`, { cause: error });
  }
}

/** The first error as `line 3, column 7: comma expected`; JSON.parse tells the place in some Node versions only. */
function placeOfDamage(text: string): string {
  let first: string | undefined;
  const onError = (code: number, _offset: number, _length: number, line: number, column: number): void => {
    const problem = printParseErrorCode(code)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase();
    first ??= `line ${line + 1}, column ${column + 1}: ${problem}`;
  };
  visit(text, { onError }, { disallowComments: true });
  return first ?? 'the document is malformed';
}
