const WIDTH = 100;

/** Rows of two columns; the second is wrapped next to the first. */
export function formatColumns(rows: readonly (readonly [string, string])[], indent = '  '): string {
  const widest = Math.min(34, Math.max(0, ...rows.map(([left]) => left.length)));
  const gutter = ' '.repeat(indent.length + widest + 2);
  return rows
    .map(([left, right]) => {
      const lines = wrap(right, WIDTH - gutter.length);
      const head = `${indent}${left.padEnd(widest)}`;
      // A name too long for its column gets a line of its own.
      if (left.length > widest) return [head, ...lines.map((line) => gutter + line)].join('\n');
      return [`${head}  ${lines[0] ?? ''}`.trimEnd(), ...lines.slice(1).map((line) => gutter + line)].join(
        '\n',
      );
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
