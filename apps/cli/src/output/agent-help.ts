import type { AgentDefinition } from '@maxent/core';
import type { Field } from '../arguments/fields.js';
import { formatSettings } from './command-help.js';

/** The settings of an agent, for the help of the commands that take `--set`. */
export function formatAgentHelp(
  { name, description, presets = {} }: AgentDefinition,
  fields: readonly Field[],
): string {
  const lines = [
    `Settings of ${name} (${description}), each given as --set key=value:`,
    formatSettings(fields),
  ];
  const names = Object.keys(presets);
  if (names.length > 0) lines.push('', `Presets: ${names.join(', ')}`);
  return lines.join('\n');
}
