import { jsonSchemaOf, type Plugin, type Registry, UnknownNameError } from '@maxent/core';
import * as z from 'zod';
import { formatColumns } from '../../output/columns.js';
import { defineCommand } from '../command.js';
import { type ListAnswer, listAnswer } from './answer.js';

const kinds = ['agents', 'environments', 'task-families', 'backends', 'plugins'];

/** `maxent list KIND`: what can be named on the command line, including plugins. */
export const list = defineCommand({
  input: z.object({ kind: z.string().describe(`${kinds.join(', ')}; envs is short for environments`) }),
  positionals: ['kind'],
  answer: listAnswer,
  run: async ({ kind }, { plugins }) => {
    const answer = await listed(kind, async () => (await plugins()).registry);
    const items: Item[] = Object.values(answer).flat();
    return { answer, text: () => `${formatColumns(items.map(describe), '')}\n` };
  },
});

async function listed(kind: string, registry: () => Promise<Registry>): Promise<ListAnswer> {
  switch (kind) {
    case 'agents':
      return { agents: agentsOf(await registry()) };
    case 'envs':
    case 'environments':
      return { environments: environmentsOf(await registry()) };
    case 'task-families':
      return { taskFamilies: taskFamiliesOf(await registry()) };
    case 'backends': {
      const { describeBackends } = await import('@maxent/backend');
      return { backends: describeBackends() };
    }
    case 'plugins':
      return { plugins: (await registry()).plugins.map(describePlugin) };
    default:
      throw new UnknownNameError('kind', kind, kinds);
  }
}

const agentsOf = ({ plugins }: Registry) =>
  plugins.flatMap((plugin) =>
    (plugin.agents ?? []).map(({ name, description, presets, config }) => ({
      name,
      description,
      plugin: plugin.name,
      presets: Object.keys(presets ?? {}),
      config: jsonSchemaOf(config),
    })),
  );

const environmentsOf = ({ plugins }: Registry) =>
  plugins.flatMap((plugin) =>
    (plugin.environments ?? []).map(({ id, description, maxEpisodeSteps, options }) => ({
      id,
      description,
      plugin: plugin.name,
      maxEpisodeSteps,
      options: jsonSchemaOf(options),
    })),
  );

const taskFamiliesOf = ({ plugins }: Registry) =>
  plugins.flatMap((plugin) =>
    (plugin.taskFamilies ?? []).map(({ id, description }) => ({ id, description, plugin: plugin.name })),
  );

const describePlugin = ({ name, agents = [], environments = [], taskFamilies = [] }: Plugin) => ({
  name,
  agents: agents.map((agent) => agent.name),
  environments: environments.map(({ id }) => id),
  taskFamilies: taskFamilies.map(({ id }) => id),
});

type Item = ListAnswer extends infer Answer
  ? Answer extends Record<string, (infer T)[]>
    ? T
    : never
  : never;

function describe(item: Item): readonly [string, string] {
  if ('available' in item)
    return [item.name, `${item.available ? 'available' : 'not available'}: ${item.reason}`];
  if ('description' in item)
    return ['id' in item ? item.id : item.name, `${item.description} (${item.plugin})`];
  const contents = [...item.agents, ...item.environments, ...item.taskFamilies];
  return [item.name, contents.join(', ')];
}
