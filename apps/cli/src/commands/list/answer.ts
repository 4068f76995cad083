import * as z from 'zod';

const agent = z.object({
  name: z.string(),
  description: z.string(),
  plugin: z.string(),
  presets: z.array(z.string()),
  config: z.record(z.string(), z.unknown()).describe('JSON Schema of the configuration'),
});

const environment = z.object({
  id: z.string(),
  description: z.string(),
  plugin: z.string(),
  maxEpisodeSteps: z.int().nullable(),
  options: z.record(z.string(), z.unknown()).describe('JSON Schema of the options'),
});

const taskFamily = z.object({ id: z.string(), description: z.string(), plugin: z.string() });

const backend = z.object({ name: z.string(), available: z.boolean(), reason: z.string() });

const plugin = z.object({
  name: z.string(),
  agents: z.array(z.string()),
  environments: z.array(z.string()),
  taskFamilies: z.array(z.string()),
});

/** The answer of `maxent list KIND`: one array, named like the kind. */
export const listAnswer = z.union([
  z.object({ agents: z.array(agent) }),
  z.object({ environments: z.array(environment) }),
  z.object({ taskFamilies: z.array(taskFamily) }),
  z.object({ backends: z.array(backend) }),
  z.object({ plugins: z.array(plugin) }),
]);

export type ListAnswer = z.output<typeof listAnswer>;
