import { type AgentDefinition, isRecord, parseUnknown, UnknownNameError } from '@maxent/core';

export interface AgentConfigRequest {
  /** A preset with this name is used unless another one is given. */
  readonly environmentId: string;
  readonly preset?: string | undefined;
  /** Overrides the preset; objects are merged key by key. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Replaces the preset: the configuration of a run that is resumed. */
  readonly base?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The complete configuration of an agent: schema defaults, overridden by the preset, overridden by `config`. Throws
 * UnknownNameError for an unknown preset and InvalidInputError, with a field below `config`, for an invalid setting.
 */
export function resolveAgentConfig(
  definition: AgentDefinition,
  { environmentId, preset, config, base }: AgentConfigRequest,
): Record<string, unknown> {
  const presets = definition.presets ?? {};
  if (preset !== undefined && !Object.hasOwn(presets, preset)) {
    throw new UnknownNameError('preset', preset, Object.keys(presets));
  }
  const below = base ?? presets[preset ?? environmentId] ?? {};
  return parseUnknown(definition.config, merge(below, config), 'config');
}

/** `base` overridden by `over`; objects are merged key by key, everything else is replaced. */
function merge(base: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>) {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isRecord(below) && isRecord(value) ? merge(below, value) : value;
  }
  return merged;
}
