import { formatColumns } from './columns.js';

/** The tool's own help. */
export function formatToolHelp(
  version: string,
  commands: Readonly<Record<string, { readonly summary: string }>>,
): string {
  return `maxent ${version}: maximum-entropy reinforcement learning on the command line

Usage: maxent COMMAND [arguments] [--json]

${formatColumns(Object.entries(commands).map(([name, { summary }]) => [name, summary]))}

  maxent COMMAND --help shows a command's options; maxent train AGENT --help shows an agent's settings.
  Exit codes: 0 success, 1 failure while running, 2 unusable input, 130 stopped by Ctrl-C.
`;
}
