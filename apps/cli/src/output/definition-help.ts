import type { AgentDefinition, EnvironmentDefinition, TaskFamilyDefinition } from '@maxent/core';
import type * as z from 'zod';
import { fieldsOf } from '../arguments/fields.js';
import { formatSettings } from './command-help.js';

/** The settings of an agent, for the help of a command that takes `--set`. */
export function formatAgentSettings({ name, config, presets = {} }: AgentDefinition): string {
  const lines = [`Settings of ${name}, each given as --set KEY=VALUE:`, formatSettings(fieldsOf(config))];
  const names = Object.keys(presets);
  if (names.length > 0) lines.push('', `Presets of ${name}: ${names.join(', ')}`);
  return lines.join('\n');
}

/** The options of an environment or a task family, for the help of a command that takes `--env-set`. */
export function formatEnvironmentOptions({
  id,
  options,
}: EnvironmentDefinition | TaskFamilyDefinition): string {
  const fields = fieldsOf(options);
  if (fields.length === 0) return `${id} has no options.`;
  return `Options of ${id}, each given as --env-set KEY=VALUE:\n${formatSettings(fields)}`;
}

/** The keys of a level, for the help of a command that takes `--levels FILE`. */
export function formatLevelKeys(level: z.ZodObject): string {
  return `Keys of each level in a file {"levels":[{...}, ...]}, the lowest first:\n${formatSettings(fieldsOf(level))}`;
}
