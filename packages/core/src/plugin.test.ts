import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Agent } from './agent.js';
import type { Environment } from './environment.js';
import { PluginError, UnknownNameError } from './errors.js';
import {
  CONTRACT_VERSION,
  defineAgent,
  defineEnvironment,
  definePlugin,
  type Plugin,
  Registry,
} from './plugin.js';
import type { TaskFamily } from './task-family.js';

const agent = (name: string) =>
  defineAgent({ name, description: '', config: z.object({}), create: () => ({}) as Agent });
const environment = (id: string) =>
  defineEnvironment({
    id,
    description: '',
    options: z.object({}),
    maxEpisodeSteps: null,
    create: () => ({}) as Environment,
  });
const family = (id: string) => ({
  id,
  description: '',
  options: z.object({}),
  create: () => ({}) as TaskFamily,
});

describe('Registry', () => {
  const plugin = definePlugin({
    name: 'basic',
    agents: [agent('sac'), agent('sql')],
    environments: [environment('Point-v0')],
    taskFamilies: [family('Points')],
  });

  it('finds what plugins bring, by name', () => {
    const registry = new Registry([plugin, { name: 'empty' }]);
    expect(registry.agent('sql')).toBe(plugin.agents![1]);
    expect(registry.environment('Point-v0')).toBe(plugin.environments![0]);
    expect(registry.taskFamily('Points')).toBe(plugin.taskFamilies![0]);
    expect(registry.agents.map(({ name }) => name)).toEqual(['sac', 'sql']);
    expect(registry.environments).toHaveLength(1);
    expect(registry.taskFamilies).toHaveLength(1);
    expect(registry.plugins.map(({ name }) => name)).toEqual(['basic', 'empty']);
  });

  it('lets an agent, an environment and a task family share a name', () => {
    const registry = new Registry([
      { name: 'same', agents: [agent('x')], environments: [environment('x')], taskFamilies: [family('x')] },
    ]);
    expect(registry.agent('x')).not.toBe(registry.environment('x'));
  });

  it('answers unknown names with the nearest known ones', () => {
    const registry = new Registry([plugin]);
    expect(() => registry.agent('sacc')).toThrow(UnknownNameError);
    expect(() => registry.agent('sacc')).toThrow('unknown agent "sacc". Did you mean "sac"');
    expect(() => registry.environment('point-v0')).toThrow('Did you mean "Point-v0"?');
    expect(() => registry.taskFamily('Line')).toThrow('unknown task family "Line"');
  });

  it('refuses a name that is taken, names both owners, and adds nothing', () => {
    const registry = new Registry([plugin]);
    const rival: Plugin = { name: 'rival', agents: [agent('new'), agent('sac')] };
    expect(() => registry.add(rival)).toThrow(
      'plugin "rival": agent "sac" is already registered by plugin "basic"',
    );
    expect(registry.agents.map(({ name }) => name)).toEqual(['sac', 'sql']);
    expect(registry.plugins).toEqual([plugin]);
  });

  it('refuses a name that a plugin brings twice', () => {
    expect(() => new Registry([{ name: 'twice', agents: [agent('a'), agent('a')] }])).toThrow(PluginError);
  });
});

describe('definePlugin', () => {
  it.each([
    [undefined, 'non-empty name, got undefined'],
    [{}, 'non-empty name, got undefined'],
    [{ name: '' }, 'non-empty name, got ""'],
    [
      { name: 'p', contractVersion: 2, agents: {} },
      'plugin "p": contractVersion is 2, but this @maxent/core has contract version 1. Update maxent, or',
    ],
    [{ name: 'p', contractVersion: 0 }, 'must be a positive integer, got 0; write 1'],
    [{ name: 'p', contractVersion: '1' }, 'must be a positive integer, got "1"; write 1'],
    [{ name: 'p', contractVersion: null }, 'must be a positive integer, got null; write 1'],
    [{ name: 'p', agents: {} }, 'plugin "p": agents must be an array'],
    [{ name: 'p', agents: [{ name: '' }] }, 'plugin "p": every agent needs a non-empty name'],
    [{ name: 'p', environments: [{ name: 'x' }] }, 'plugin "p": every environment needs a non-empty name'],
    [{ name: 'p', environments: [{ id: 'x' }] }, 'plugin "p": environment "x" needs a create function'],
    [{ name: 'p', taskFamilies: [{ id: 'x', create: 1 }] }, 'task family "x" needs a create function'],
    [
      { name: 'p', agents: [{ ...agent('x'), severalEnvironments: 'yes' }] },
      'agent "x": severalEnvironments must be true or false, got "yes"',
    ],
    [
      { name: 'p', agents: [{ ...agent('x'), metrics: { loss: 3 } }] },
      'agent "x": metrics.loss must be a sentence, got 3',
    ],
  ])('refuses %j', (plugin, message) => {
    expect(() => definePlugin(plugin as unknown as Plugin)).toThrow(PluginError);
    expect(() => definePlugin(plugin as unknown as Plugin)).toThrow(message);
  });

  it('takes a plugin of its own contract version, said or not', () => {
    const said = { name: 'p', contractVersion: CONTRACT_VERSION };
    expect(definePlugin(said)).toBe(said);
    expect(definePlugin({ name: 'p' }).contractVersion).toBeUndefined();
  });

  it('is asked again when a plugin is registered, whoever made it', () => {
    const registry = new Registry();
    expect(() => registry.add({ name: 'newer', contractVersion: CONTRACT_VERSION + 1 })).toThrow(PluginError);
    expect(registry.plugins).toEqual([]);
  });
});
