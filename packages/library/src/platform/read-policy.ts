import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { selectBackend } from '@maxent/backend';
import { InvalidInputError, Registry, StorageError, showValue } from '@maxent/core';
import { encodePolicy } from '@maxent/policy';
import { builtInAgent, builtInWorld, registryOf } from '../built-in.js';
import type { LoadPolicyOptions } from '../load-policy.js';
import { completeRunConfig } from '../plan-run.js';
import { storedPolicy } from '../stored-policy.js';

/** The bytes of the policy file or of the policy of a run at a path; undefined for a source that is not a path. */
export async function readPolicyAt(
  source: unknown,
  options: LoadPolicyOptions,
): Promise<Uint8Array | undefined> {
  const text = source instanceof URL ? source.href : source;
  if (typeof text !== 'string' || /^(https?|data|blob):/i.test(text)) return undefined;
  const path = /^file:/i.test(text) ? fileURLToPath(text) : text;
  try {
    if ((await stat(path)).isDirectory()) return await readPolicyOfRun(path, options);
    return await readFile(path);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new InvalidInputError(
        'source',
        `there is neither a policy file nor a run directory at ${showValue(path)}`,
      );
    }
    throw new StorageError(`cannot read the policy at ${showValue(path)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readPolicyOfRun(
  directory: string,
  { checkpoint, plugins = [] }: LoadPolicyOptions,
): Promise<Uint8Array> {
  const { readLevelsBelow, readTopRun } = await import('@maxent/hierarchy/node');
  const run = await readTopRun(directory);
  const { agent, environment, family } = run.config;
  const given = new Registry(plugins);
  const worlds = family ? given.taskFamilies : given.environments;
  const definition = given.agents.find(({ name }) => name === agent.name) ?? (await builtInAgent(agent.name));
  const world = worlds.find(({ id }) => id === environment.id) ?? (await builtInWorld(environment.id));
  const registry = registryOf(definition, world);
  const stored = await run.actingCheckpoint(checkpoint);
  if (stored === undefined) {
    throw new InvalidInputError('source', `the run in "${directory}" has no checkpoint yet`);
  }
  await selectBackend();
  const config = completeRunConfig(run.config, registry);
  const below = await readLevelsBelow(run.directory, config);
  try {
    return encodePolicy(await storedPolicy({ registry, config, checkpoint: stored, below }));
  } finally {
    below?.dispose();
  }
}
