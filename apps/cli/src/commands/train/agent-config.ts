import { type AgentDefinition, parseConfig, UnknownNameError } from '@maxent/core';
import { readSettings } from '../../arguments/settings.js';

/**
 * The complete configuration of an agent: schema defaults, then the preset (the one asked for, otherwise the one
 * named like the environment, if there is one), then the `--set` texts. `base` takes the place of the preset. Throws
 * UnknownNameError for a preset and InvalidInputError for a setting.
 */
export function resolveAgentConfig(
  definition: AgentDefinition,
  environmentId: string,
  presetName: string | undefined,
  settings: readonly string[],
  base?: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const presets = definition.presets ?? {};
  if (presetName !== undefined && !Object.hasOwn(presets, presetName)) {
    throw new UnknownNameError('preset', presetName, Object.keys(presets));
  }
  const preset = base ?? presets[presetName ?? environmentId] ?? {};
  const given = readSettings(settings, definition.config, 'agent', '--set');
  return parseConfig(definition.config, merge(preset, given), 'agent');
}

/** `over` laid over `base`; objects are merged key by key, everything else is replaced. */
function merge(base: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>) {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
