/**
 * Says why a module could not be loaded: what is missing and what imports it, what does not parse and where, or what
 * the module threw and where.
 */
export function loadingProblem(thrown: unknown, source: string): string {
  if (!(thrown instanceof Error)) return `it throws ${String(thrown)}`;
  const [first = '', ...more] = thrown.message.split('\n').map((line) => line.trim());
  const missing = /^Cannot find (?:package|module) '([^']+)'(?: imported from (.+))?/.exec(first);
  if (missing !== null) return missingModule(missing[1]!, missing[2] ?? requirer(more), source);
  const unparsed = first.startsWith('ParseError: ');
  if (unparsed || thrown instanceof SyntaxError) {
    const where = unparsed ? more[0] : undefined;
    return `it does not parse: ${first.replace('ParseError: ', '')}${where ? ` (${where})` : ''}`;
  }
  const place = /\(?([^\s()]+:\d+:\d+)\)?$/m.exec(thrown.stack ?? '')?.[1];
  return `it throws ${thrown.name}: ${first}${place === undefined ? '' : ` (${place})`}`;
}

function missingModule(name: string, wanted: string | undefined, source: string): string {
  if (name === source) return 'there is neither an installed package nor a file of that name';
  if (wanted === undefined) return `${name} cannot be found`;
  return `${wanted} imports ${name}, which ${/^[./]/.test(name) ? 'does not exist' : 'is not installed'}`;
}

/** The module that required the missing one: the first entry of a require stack. */
function requirer(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith('- '))?.slice(2);
}
