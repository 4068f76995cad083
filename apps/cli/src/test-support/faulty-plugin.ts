import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ZOD = pathToFileURL(createRequire(import.meta.url).resolve('zod')).href;

let written = 0;

/** The parts of `faultyPlugin` that a test may replace, as JavaScript. */
export interface FaultyParts {
  /** Members of the environment, after the sound ones. */
  readonly environment?: string;
  /** Members of the agent, after the sound ones. */
  readonly agent?: string;
  /** Members of the family, after the sound ones. */
  readonly family?: string;
  /** What the environment's definition creates; `Walk` is the class. */
  readonly create?: string;
  /** What the agent's definition creates; `agent()` creates the sound one. */
  readonly createAgent?: string;
  /** What the family's definition creates; `family` is the sound one. */
  readonly createFamily?: string;
}

/**
 * Writes a plugin in plain JavaScript, sound except for the given parts, and returns its path: the environment
 * `Walk-v0`, the agent `walker` and the family `Walks`.
 */
export async function faultyPlugin(directory: string, parts: FaultyParts): Promise<string> {
  // A module is loaded once, so every plugin has a path of its own.
  written += 1;
  const path = join(directory, `faulty-${written}.mjs`);
  await writeFile(path, source(parts));
  return path;
}

function source({ environment, agent, family, create, createAgent, createFamily }: FaultyParts): string {
  return `
import { z } from ${JSON.stringify(ZOD)};

// Written out, so that the plugin needs no build of ours.
const box = (bound) => ({
  kind: 'box',
  shape: [1],
  low: Float64Array.of(-bound),
  high: Float64Array.of(bound),
  dataType: 'float64',
  flatSize: 1,
  bounded: true,
  sample: () => Float64Array.of(0),
  contains: (value) => value instanceof Float64Array && Math.abs(value[0]) <= bound,
  flattenInto: (value, out, offset = 0) => out.set(value, offset),
  unflatten: (flat, offset = 0) => Float64Array.of(flat[offset]),
  toString: () => 'Box(1, float64)',
});

class Walk {
  observationSpace = box(100);
  actionSpace = box(1);
  position = 0;
  steps = 0;
  reset() {
    this.position = 0;
    this.steps = 0;
    return { observation: this.look(), info: {} };
  }
  step(action) {
    this.position += action[0];
    this.steps += 1;
    return { observation: this.look(), reward: 1, terminated: this.steps === 4, truncated: false, info: {} };
  }
  look() { return Float64Array.of(this.position); }
  observe() { return this.look(); }
  getState() { return { arrays: { position: { shape: [1], data: this.look() } }, metadata: { steps: this.steps } }; }
  setState({ arrays, metadata }) {
    this.position = arrays.position.data[0];
    this.steps = metadata.steps;
  }
  close() {}
}
class FaultyWalk extends Walk {
  ${environment ?? ''}
}
const adaptation = { beginEpisode() {}, act: () => Float64Array.of(1), observe() {}, belief() {} };
class Walker {
  act() { return Float64Array.of(1); }
  observe() {}
  update() { return { gradientSteps: 1, metrics: () => ({ loss: 1 }) }; }
  save() { return { arrays: { w: { shape: [1], data: Float32Array.of(1) } }, metadata: {} }; }
  load() {}
  dispose() {}
  beginEpisode() { return 0; }
  adapt() { return adaptation; }
  ${agent ?? ''}
}
const family = {
  id: 'Walks',
  maxEpisodeSteps: 5,
  split: ({ trainCount, testCount }) => ({
    train: Array.from({ length: trainCount }, () => ({ goal: 1 })),
    test: Array.from({ length: testCount }, () => ({ goal: 2 })),
  }),
  descriptor: ({ goal }) => [goal],
  succeeded: () => true,
  create: () => new FaultyWalk(),
  ${family ?? ''}
};
const options = z.object({});
const config = z.object({ trainTasks: z.int().default(1), testTasks: z.int().default(1), explorationEpisodes: z.int().default(0) });
export default {
  name: 'faulty',
  environments: [{ id: 'Walk-v0', description: 'A walk', options, maxEpisodeSteps: 5, create: () => ${create ?? 'new FaultyWalk()'} }],
  agents: [{ name: 'walker', description: 'Walks', config, create: () => ${createAgent ?? 'new Walker()'} }],
  taskFamilies: [{ id: 'Walks', description: 'Walks', options, create: () => ${createFamily ?? 'family'} }],
};
`;
}
