import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Gives a plugin what npx and most installations do: its own copies of `@maxent/core` and zod in the `node_modules`
 * next to it, here bundled from the sources; `zod-3` is the previous version of zod. Also writes `plugin.mjs`, and
 * returns its path.
 */
export async function writeForeignPlugin(directory: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const core = fileURLToPath(new URL('../../../../packages/core/src/index.ts', import.meta.url));
  const zod = dirname(require.resolve('zod/package.json'));
  await copyPackage(directory, 'zod', join(zod, 'index.js'));
  await keepNotesPrivate(join(directory, 'node_modules/zod/index.js'));
  await copyPackage(directory, 'zod-3', join(zod, 'v3/index.js'));
  await copyPackage(directory, '@maxent/core', core);
  await writeFile(join(directory, 'plugin.mjs'), PLUGIN);
  return join(directory, 'plugin.mjs');
}

async function copyPackage(directory: string, name: string, entry: string): Promise<void> {
  const place = join(directory, 'node_modules', name);
  await mkdir(place, { recursive: true });
  await build({
    entryPoints: [entry],
    outfile: join(place, 'index.js'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: name.startsWith('zod') ? [] : ['zod'],
    conditions: ['@maxent/source'],
    logLevel: 'error',
  });
  const manifest = { name, version: '0.0.0', type: 'module', main: './index.js', exports: './index.js' };
  await writeFile(join(place, 'package.json'), JSON.stringify(manifest));
}

/** Behaves like zod before 4.2, when each copy kept its own descriptions. */
async function keepNotesPrivate(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replaceAll('__zod_globalRegistry', '__zod_registryOfTheCopy'));
}

/** One environment per kind of space, an agent, and what throws each kind of error a plugin throws. */
const PLUGIN = `
import * as core from '@maxent/core';
import * as z from 'zod';

const { Box, definePlugin, Dict, Discrete, EnvironmentFaultError, InvalidInputError, MultiDiscrete, Rng } = core;

const settings = z.object({
  length: z.int().positive().default(5).describe('steps of an episode'),
  fail: z.enum(['never', 'make', 'step']).default('never').describe('when to fail'),
});

/** Samples of its spaces, with a state that can be stored. */
class Sampled {
  constructor({ length, fail }, observationSpace, actionSpace) {
    if (fail === 'make') throw new InvalidInputError('fail', 'expected something else than make');
    Object.assign(this, { length, fail, observationSpace, actionSpace, rng: Rng.fromSeed(0), t: 0 });
  }

  reset({ seed } = {}) {
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.t = 0;
    return { observation: this.observationSpace.sample(this.rng), info: {} };
  }

  step(action) {
    if (this.fail === 'step') throw new EnvironmentFaultError('the sampled world broke');
    this.t += 1;
    const observation = this.observationSpace.sample(this.rng);
    const reward = typeof action === 'number' ? action : action[0];
    return { observation, reward, terminated: this.t >= this.length, truncated: false, info: {} };
  }

  close() {}

  getState() {
    return { arrays: {}, metadata: { rng: this.rng.state(), t: this.t } };
  }

  setState({ metadata }) {
    this.rng = Rng.fromState(metadata.rng);
    this.t = metadata.t;
  }
}

const environment = (id, observationSpace, actionSpace) => ({
  id,
  description: 'Samples of ' + observationSpace,
  options: settings,
  maxEpisodeSteps: 20,
  create: (options) => new Sampled(options, observationSpace, actionSpace),
});

const box = new Box({ low: [-1, 0], high: [1, 2] });

export const plugin = definePlugin({
  name: 'foreign',
  agents: [
    {
      name: 'constant',
      description: 'The same action all the time',
      config: z.object({ speed: z.number().min(0).default(1).describe('the action') }),
      create: ({ actionSpace }, { speed }) => ({
        act: () => actionSpace.unflatten(new Float32Array(actionSpace.flatSize).fill(speed)),
        observe() {},
        update: () => ({ gradientSteps: 1, metrics: () => ({ speed }) }),
        save: () => ({ arrays: {}, metadata: {} }),
        load() {},
        dispose() {},
      }),
    },
  ],
  environments: [
    environment('ForeignBox-v0', box, box),
    environment('ForeignDiscrete-v0', new Discrete(3), new Discrete(2)),
    environment('ForeignDict-v0', new Dict({ gears: new MultiDiscrete([2, 3]), place: box }), new Discrete(2)),
  ],
});

export { core, z };
`;
