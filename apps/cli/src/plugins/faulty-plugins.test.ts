import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FaultyParts, faultyPlugin } from '../test-support/faulty-plugin.js';
import { type Finished, runInProcess } from '../test-support/run-in-process.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';

const SHORT = ['--steps', '30', '--eval-every', '20', '--eval-episodes', '2', '--checkpoint-every', '7'];

/** Runs a command with a plugin of these parts. */
async function withPlugin(
  parts: FaultyParts,
  args: readonly string[],
  directory?: string,
): Promise<Finished> {
  const where = directory ?? (await temporaryDirectory());
  const plugin = await faultyPlugin(where, parts);
  return runInProcess([...args, '--plugin', plugin, '--json'], { directory: where });
}

const train = ['train', 'walker', '--env', 'Walk-v0', ...SHORT, '--out', 'run'];
const learn = ['train', 'walker', '--family', 'Walks', ...SHORT, '--out', 'run'];

function expectFault(finished: Finished, code: string, message: string | RegExp): void {
  const { error } = finished.json;
  expect(error.message).toMatch(message);
  expect(error.code).toBe(code);
  expect(finished.exitCode).toBe(code === 'PLUGIN' ? 2 : 1);
  // No stack trace.
  expect(finished.err).not.toMatch(/\n\s+at /);
}

it('trains, evaluates and rolls out with a sound one, without a warning', async () => {
  const directory = await temporaryDirectory();
  for (const args of [
    train,
    ['eval', 'run', '--episodes', '2'],
    [...learn.slice(0, -1), 'family'],
    ['adapt', 'family'],
  ]) {
    const finished = await withPlugin({}, args, directory);
    expect(finished.json.error).toBeUndefined();
    expect(finished.err).not.toContain('warning');
    expect(finished.exitCode).toBe(0);
  }
});

describe('a faulty environment of a plugin ends a command in ENVIRONMENT_FAULT', () => {
  it.each([
    [
      'done',
      'step(a) { const { terminated, ...r } = super.step(a); return { ...r, done: terminated }; }',
      'terminated undefined and done',
    ],
    [
      'tuples',
      'step(a) { const r = super.step(a); return [r.observation, r.reward, r.terminated, {}]; }',
      'step returned an array of 4',
    ],
    [
      'bare observation',
      'reset() { return super.reset().observation; }',
      'reset returned the observation alone, Float64Array',
    ],
    ['promise', 'reset() { return Promise.reject(new Error("late")); }', 'reset returned a promise'],
    [
      'undefined observation',
      'look() { return undefined; }',
      'reset returned an observation that does not fit Box',
    ],
    ['NaN from reset', 'look() { return Float64Array.of(NaN); }', 'which is not finite'],
    ['too many entries', 'look() { return new Float64Array(3); }', 'got Float64Array(3) [0, 0, 0]'],
    ['a number', 'look() { return 1; }', 'expected a flat list of 1 number'],
    [
      'a text as reward',
      'step(a) { return { ...super.step(a), reward: "1" }; }',
      'step returned the reward "1"',
    ],
    [
      'bigint as reward',
      'step(a) { return { ...super.step(a), reward: 1n }; }',
      'step returned the reward 1n',
    ],
    [
      'missing flags',
      'step(a) { return { observation: this.look(), reward: 1, info: {} }; }',
      'step returned terminated undefined',
    ],
    [
      'missing info',
      'step(a) { return { ...super.step(a), info: undefined }; }',
      'step returned the info undefined',
    ],
    [
      'TypeError',
      'step(a) { return this.missing.thing; }',
      /step threw TypeError: .*\(at FaultyWalk\.step \(.*faulty-\d+\.mjs:\d+:\d+\)\)/,
    ],
    ['thrown null', 'step() { throw null; }', 'step threw null'],
    [
      'a code of ours',
      'step() { throw Object.assign(new Error("x"), { code: "INVALID_INPUT" }); }',
      'step threw Error: x',
    ],
    [
      'spaces that throw',
      'constructor() { super(); Object.defineProperty(this, "actionSpace", { get() { throw new Error("later"); } }); }',
      'its spaces threw Error: later',
    ],
    ['a missing space', 'observationSpace = null;', 'observationSpace is null, which is not a space'],
  ])('%s', async (_, environment, sentence) => {
    const name = /^environment "Walk-v0" of plugin "faulty"(, |: )/;
    const directory = await temporaryDirectory();
    const trained = await withPlugin({ environment }, train, directory);
    expectFault(trained, 'ENVIRONMENT_FAULT', sentence);
    expectFault(trained, 'ENVIRONMENT_FAULT', name);

    await writeFile(join(directory, 'actions.json'), JSON.stringify({ actions: [[0.5], [0.5], [0.5]] }));
    const rolled = await withPlugin(
      { environment },
      ['rollout', 'Walk-v0', '--input', 'actions.json'],
      directory,
    );
    expectFault(rolled, 'ENVIRONMENT_FAULT', sentence);
    expectFault(rolled, 'ENVIRONMENT_FAULT', name);

    const learned = await withPlugin({ environment }, learn, await temporaryDirectory());
    expectFault(learned, 'ENVIRONMENT_FAULT', sentence);
    expectFault(
      learned,
      'ENVIRONMENT_FAULT',
      /^task family "Walks" of plugin "faulty", task \{ goal: \d \}(, |: )/,
    );
  });

  it('in eval, where training had none', async () => {
    const directory = await temporaryDirectory();
    await withPlugin({}, train, directory);
    const environment = 'step(a) { return { ...super.step(a), reward: NaN }; }';
    const finished = await withPlugin({ environment }, ['eval', 'run'], directory);
    expectFault(
      finished,
      'ENVIRONMENT_FAULT',
      /plugin "faulty", step 1 of evaluation episode 1: step returned the reward NaN/,
    );
  });

  it('in adapt, where training had none', async () => {
    const directory = await temporaryDirectory();
    await withPlugin({}, learn, directory);
    const environment = 'step(a) { return { ...super.step(a), terminated: 0 }; }';
    const finished = await withPlugin({ environment }, ['adapt', 'run'], directory);
    expectFault(
      finished,
      'ENVIRONMENT_FAULT',
      /step 1 of episode 1 of test task 1: step returned terminated 0/,
    );
  });

  it('late, and without the check', async () => {
    const environment = 'n = 0; step(a) { if (++this.n > 17) throw "late"; return super.step(a); }';
    const finished = await withPlugin({ environment }, [...train, '--no-check']);
    expectFault(finished, 'ENVIRONMENT_FAULT', /, environment step 18: step threw "late"/);
  });

  it('in its state, when a checkpoint is made', async () => {
    const environment = 'getState() { return { position: 1 }; }';
    const finished = await withPlugin({ environment }, train);
    expectFault(
      finished,
      'ENVIRONMENT_FAULT',
      'expected a snapshot { arrays, metadata }, got { position: 1 }',
    );
  });

  it('in an info that JSON cannot hold', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'actions.json'), JSON.stringify({ actions: [[0.5]] }));
    for (const info of [
      '{ n: 1n }',
      '(() => { const a = {}; a.a = a; return a; })()',
      '{ get n() { throw 1; } }',
    ]) {
      const environment = `step(a) { return { ...super.step(a), info: ${info} }; }`;
      const finished = await withPlugin(
        { environment },
        ['rollout', 'Walk-v0', '--input', 'actions.json'],
        directory,
      );
      expectFault(finished, 'ENVIRONMENT_FAULT', 'infos[0]: the environment gave what JSON cannot hold');
    }
  });
});

it('is warned of what leaves the run as it is, unless --no-check says otherwise', async () => {
  const environment =
    'buffer = new Float64Array(1); look() { this.buffer[0] = this.position; return this.buffer; }';
  const finished = await withPlugin({ environment }, train);
  expect(finished.exitCode).toBe(0);
  expect(finished.err).toMatch(
    /environment "Walk-v0" of plugin "faulty", environment step 1: observation 0 changed when/,
  );
  const quiet = await withPlugin({ environment }, [...train, '--no-check']);
  expect(quiet.exitCode).toBe(0);
  expect(quiet.err).not.toContain('changed when');
});

it('keeps its answer when close or dispose throws', async () => {
  const finished = await withPlugin(
    {
      environment: 'close() { throw new Error("stuck"); }',
      agent: 'dispose() { throw new Error("stuck too"); }',
    },
    train,
  );
  expect(finished.json.steps).toBe(30);
  expect(finished.exitCode).toBe(0);
  expect(finished.err).toMatch(/environment "Walk-v0" of plugin "faulty": close threw Error: stuck/);
  expect(finished.err).toMatch(/agent "walker" of plugin "faulty".*: dispose threw Error: stuck too/);
});

describe('a definition that makes something else ends a command in PLUGIN', () => {
  it.each([
    [
      'undefined',
      { create: 'undefined' },
      'environment "Walk-v0" of plugin "faulty": create returned undefined, not an environment',
    ],
    ['a class', { create: 'FaultyWalk' }, 'create returned a function or class, not an environment'],
    ['a promise of nothing', { create: 'Promise.resolve(null)' }, 'create returned null, not an environment'],
    ['an object without close', { create: '({ reset() {}, step() {} })' }, 'it has no close method'],
    [
      'a vector environment',
      { create: '({ count: 4, async reset() {}, async step() {}, async close() {} })' },
      'a vector environment of 4',
    ],
    [
      'an error',
      { create: '(() => { throw new TypeError("no file"); })()' },
      'environment "Walk-v0" of plugin "faulty": create threw TypeError: no file',
    ],
    ['a rejected promise', { create: 'Promise.reject("no file")' }, 'create threw "no file"'],
    [
      'no agent',
      { createAgent: 'undefined' },
      'agent "walker" of plugin "faulty": create returned undefined, not an agent',
    ],
    [
      'an agent without save',
      { createAgent: '({ act() {}, observe() {}, update() {} })' },
      'it has no save method',
    ],
    [
      'an agent that throws',
      { createAgent: '(() => { throw "no weights"; })()' },
      'agent "walker" of plugin "faulty": create threw "no weights"',
    ],
  ])('%s', async (_, parts, message) => {
    expectFault(await withPlugin(parts, train), 'PLUGIN', new RegExp(escaped(message)));
  });

  it.each([
    [
      'no family',
      { createFamily: 'undefined' },
      'task family "Walks" of plugin "faulty": create returned undefined, not a task family',
    ],
    [
      'a family without split',
      { createFamily: '({ descriptor() {}, create() {} })' },
      'it has no split method',
    ],
    [
      'a split of nothing',
      { family: 'split: () => undefined,' },
      'split returned undefined; return { train, test }',
    ],
    [
      'a split of too few',
      { family: 'split: () => ({ train: [], test: [] }),' },
      'split returned 0 train and 0 test tasks; expected 1 and 1',
    ],
    [
      'tasks that JSON loses',
      { family: 'split: () => ({ train: [{ g: NaN }], test: [{}] }),' },
      'a task changes when it is stored as JSON: { g: NaN }',
    ],
    [
      'descriptor of a text',
      { family: 'descriptor: () => "left",' },
      'descriptor returned "left"; return an array of finite numbers',
    ],
    ['descriptor that throws', { family: 'descriptor: () => { throw 1; },' }, 'descriptor threw 1'],
    [
      'create of nothing',
      { family: 'create: async () => {},' },
      'create returned undefined, not an environment',
    ],
    ['succeeded that throws', { family: 'succeeded: () => { throw 1; },' }, 'succeeded threw 1'],
    ['succeeded of a text', { family: 'succeeded: () => "yes",' }, 'succeeded returned "yes"'],
  ])('%s', async (_, parts, message) => {
    expectFault(await withPlugin(parts, learn), 'PLUGIN', new RegExp(escaped(message)));
  });
});

describe('a faulty agent of a plugin ends a command in AGENT_FAULT', () => {
  it.each([
    ['no action', 'act() {}', 'act returned an action that does not fit Box'],
    ['a nested action', 'act() { return [[1]]; }', 'act returned an action that does not fit Box'],
    [
      'a NaN action',
      'act() { return Float64Array.of(NaN); }',
      'entry 0 is NaN, outside [-1, 1], before any gradient step',
    ],
    ['a promise', 'async act() {}', /./],
    ['observe that throws', 'observe() { throw null; }', 'observe threw null'],
    ['update of nothing', 'update() {}', 'update returned undefined; return { gradientSteps, metrics }'],
    [
      'metrics of a text',
      'update() { return { gradientSteps: 1, metrics: () => ({ loss: "x" }) }; }',
      'metric loss is "x"',
    ],
    ['save of nothing', 'save() { return {}; }', 'save returned the arrays undefined'],
  ])('%s', async (_, agent, sentence) => {
    const finished = await withPlugin({ agent }, train);
    expectFault(finished, agent.includes('async') ? 'PLUGIN' : 'AGENT_FAULT', sentence);
    expectFault(
      finished,
      agent.includes('async') ? 'PLUGIN' : 'AGENT_FAULT',
      /^agent "walker" of plugin "faulty"/,
    );
  });

  it('over a family', async () => {
    expectFault(await withPlugin({ agent: 'adapt() {}' }, learn), 'AGENT_FAULT', 'adapt returned undefined');
    expectFault(
      await withPlugin({ agent: 'beginEpisode() { return 7; }' }, learn),
      'AGENT_FAULT',
      'beginEpisode returned 7',
    );
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
