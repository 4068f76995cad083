import type * as z from 'zod';
import { parseConfig } from '../config.js';
import { type AgentDefinition, definePlugin, type EnvironmentDefinition, type Plugin } from '../plugin.js';
import { jsonSchemaOf } from '../schema.js';
import type { TaskFamily } from '../task-family.js';
import { type CheckAgentOptions, checkAgent } from './check-agent.js';
import { type CheckEnvironmentOptions, checkEnvironment } from './check-environment.js';
import { checkTaskFamily } from './check-task-family.js';
import { Checklist, type ConformanceReport, ensure, skip } from './checklist.js';

export interface CheckPluginOptions {
  /** Options for testing an environment, by id; the others are tested with the defaults. */
  readonly environments?: Readonly<Record<string, CheckEnvironmentOptions>>;
  /** Options for testing an agent, by name: a small configuration that learns. Agents without options are skipped. */
  readonly agents?: Readonly<Record<string, CheckAgentOptions>>;
}

/**
 * Checks everything a plugin registers: names and descriptions, schemas and presets, and with `checkEnvironment`,
 * `checkAgent` and `checkTaskFamily` the behavior of what its definitions make. Throws ConformanceError that lists
 * every violated rule.
 */
export async function checkPlugin(
  plugin: Plugin,
  { environments = {}, agents = {} }: CheckPluginOptions = {},
): Promise<ConformanceReport> {
  const list = new Checklist(`plugin ${plugin?.name}`);
  await list.rule('can be registered', () => void definePlugin(plugin));
  if (!list.clean) return list.finish();

  for (const definition of plugin.environments ?? []) {
    await checkEnvironmentDefinition(list, definition, environments[definition.id] ?? {});
  }
  for (const definition of plugin.agents ?? []) {
    await checkAgentDefinition(list, definition, agents[definition.name]);
  }
  for (const definition of plugin.taskFamilies ?? []) {
    const part = `task family ${definition.id}`;
    await list.rule(`${part}: has a description`, () => checkDescription(definition.description));
    await list.rule(`${part}: options have defaults and descriptions`, () => checkSchema(definition.options));
    let family: TaskFamily | undefined;
    await list.rule(`${part}: can be made with its defaults`, async () => {
      family = await definition.create(parseConfig(definition.options, {}));
    });
    const made = family;
    if (made !== undefined) await list.include(part, () => checkTaskFamily(made));
  }
  return list.finish();
}

async function checkEnvironmentDefinition(
  list: Checklist,
  definition: EnvironmentDefinition,
  options: CheckEnvironmentOptions,
): Promise<void> {
  const part = `environment ${definition.id}`;
  await list.rule(`${part}: has a description`, () => checkDescription(definition.description));
  await list.rule(`${part}: options have defaults and descriptions`, () => checkSchema(definition.options));
  await list.rule(`${part}: maxEpisodeSteps is a positive integer or null`, () => {
    const { maxEpisodeSteps } = definition;
    ensure(
      maxEpisodeSteps === null || (Number.isInteger(maxEpisodeSteps) && maxEpisodeSteps > 0),
      () => `got ${String(maxEpisodeSteps)}`,
    );
  });
  await list.include(part, () =>
    checkEnvironment(() => definition.create(parseConfig(definition.options, {})), options),
  );
}

async function checkAgentDefinition(
  list: Checklist,
  definition: AgentDefinition,
  options: CheckAgentOptions | undefined,
): Promise<void> {
  const part = `agent ${definition.name}`;
  await list.rule(`${part}: has a description`, () => checkDescription(definition.description));
  await list.rule(`${part}: config has defaults and descriptions`, () => checkSchema(definition.config));
  await list.rule(`${part}: presets fit the config`, () => {
    for (const [name, preset] of Object.entries(definition.presets ?? {})) {
      parseConfig(definition.config, preset, `presets.${name}`);
    }
  });
  if (options === undefined) {
    await list.rule(`${part}: behavior`, () => skip('no options to test it with were passed'));
  } else {
    await list.include(part, () => checkAgent(definition, options));
  }
}

function checkDescription(description: unknown): void {
  ensure(
    typeof description === 'string' && description.trim() !== '',
    () => `got ${JSON.stringify(description)}; it is shown in help and lists`,
  );
}

/** Help, docs and forms are generated from the schema, so every field needs a default and a description. */
function checkSchema(schema: z.ZodObject): void {
  parseConfig(schema, {});
  const fields = jsonSchemaOf(schema).properties ?? {};
  for (const [name, field] of Object.entries(fields)) {
    ensure(
      typeof field === 'object' && typeof field.description === 'string' && field.description !== '',
      () => `field ${name} has no description; add .describe('...')`,
    );
  }
}
