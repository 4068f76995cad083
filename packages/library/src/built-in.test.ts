import { expect, it } from 'vitest';
import { builtInAgent, builtInPlugins, builtInWorld } from './built-in.js';

it('finds every agent, environment and family of the built-in plugins by name, and nothing else', async () => {
  const plugins = await builtInPlugins();
  const agents = plugins.flatMap((plugin) => plugin.agents ?? []);
  const worlds = plugins.flatMap(({ environments = [], taskFamilies = [] }) => [
    ...environments,
    ...taskFamilies,
  ]);
  expect(agents.length).toBeGreaterThan(8);
  for (const agent of agents) expect(await builtInAgent(agent.name)).toBe(agent);
  for (const world of worlds) expect(await builtInWorld(world.id)).toBe(world);
  const known = await builtInAgent('?').catch((error: unknown) => (error as { known: string[] }).known);
  expect(known).toEqual(expect.arrayContaining(agents.map(({ name }) => name)));
  expect(known).toHaveLength(agents.length);
  const ids = await builtInWorld('?').catch((error: unknown) => (error as { known: string[] }).known);
  expect(ids).toHaveLength(worlds.length);
});

it('says which name is near', async () => {
  await expect(builtInAgent('sack')).rejects.toThrow(/sac/);
  await expect(builtInWorld('Pendulum-v2')).rejects.toThrow(/Pendulum-v1/);
});
