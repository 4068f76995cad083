import { type AgentDefinition, isRecord, parseUnknown, UnknownNameError } from '@maxent/core';

export interface AgentConfigRequest {
  /** A preset named like it is used unless another one is asked for. */
  readonly environmentId: string;
  readonly preset?: string | undefined;
  /** Laid over the preset; objects are merged key by key. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Takes the place of the preset: the configuration of a run that goes on. */
  readonly base?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The complete configuration of an agent: schema defaults, then the preset, then what was asked for. Throws
 * UnknownNameError for a preset and InvalidInputError, with a field below `config`, for a setting.
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

/** `over` laid over `base`; objects are merged key by key, everything else is replaced. */
function merge(base: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>) {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isRecord(below) && isRecord(value) ? merge(below, value) : value;
  }
  return merged;
}
