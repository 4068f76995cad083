// What every built-in agent's policy is exported as acts as the agent does, in the runtimes that it is exported for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requireBrowser, visitSite } from '@maxent/browser-testing';
import { isBox, Rng, type Space } from '@maxent/core';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { afterAll, describe, expect, it } from 'vitest';
import { encodePolicy, readPolicy, type TrainedPolicy } from '../index.js';
import {
  distanceOf,
  makeAgent,
  type Subject,
  subjects,
  unsettle,
} from '../test-support/registered-agents.js';
import { formatSupport, toJavaScript, toOnnx } from './index.js';

/** Of an action's range. */
const TOLERANCE = 2e-5;
const directory = mkdtempSync(join(tmpdir(), 'maxent-policy-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Exported {
  readonly bytes: Uint8Array;
  readonly observations: readonly unknown[];
  /** What the agent itself does. */
  readonly actions: readonly unknown[];
}

async function exportOf(subject: Subject): Promise<Exported> {
  const agent = await makeAgent(subject);
  unsettle(agent, Rng.fromSeed(3));
  const rng = Rng.fromSeed(6);
  const observations = Array.from({ length: 12 }, () => subject.observationSpace.sample(rng));
  const actions = observations.map((observation) => agent.act(observation, { deterministic: true }));
  const bytes = encodePolicy(agent.describePolicy!());
  agent.dispose();
  return { bytes, observations, actions };
}

function flatten(space: Space<unknown>, values: readonly unknown[]): Float32Array {
  const flat = new Float32Array(values.length * space.flatSize);
  values.forEach((value, i) => {
    space.flattenInto(value, flat, i * space.flatSize);
  });
  return flat;
}

/** All observations as one batch, through a model. */
async function runOnnx(
  runtime: Pick<typeof node, 'InferenceSession' | 'Tensor'>,
  { bytes, observations }: Exported,
  { observationSpace, actionSpace }: Subject,
): Promise<unknown[]> {
  const session = await runtime.InferenceSession.create(toOnnx(bytes));
  const { taskSize, agent } = readPolicy(bytes);
  const rows = observations.length;
  // A table takes the index itself, a network its flat form.
  const observation = agent.endsWith('q-learning')
    ? new runtime.Tensor('int64', BigInt64Array.from(observations as number[], BigInt), [rows])
    : new runtime.Tensor('float32', flatten(observationSpace, observations), [
        rows,
        observationSpace.flatSize,
      ]);
  const task = taskSize > 0 && {
    task: new runtime.Tensor('float32', new Float32Array(rows * taskSize), [rows, taskSize]),
  };
  const { action } = await session.run({ observation, ...task });
  await session.release();
  const { data } = action!;
  return observations.map((_, i) =>
    isBox(actionSpace)
      ? Float64Array.from(
          (data as Float32Array).subarray(i * actionSpace.flatSize, (i + 1) * actionSpace.flatSize),
        )
      : Number((data as BigInt64Array)[i]),
  );
}

describe.each(subjects)('$title', (subject) => {
  it('acts alike as a JavaScript module', async () => {
    const exported = await exportOf(subject);
    const file = join(directory, `${subject.title.replaceAll(/\W/g, '-')}.mjs`);
    writeFileSync(file, await toJavaScript(exported.bytes));
    const { policy, ...others } = (await import(pathToFileURL(file).href)) as { policy: TrainedPolicy };
    expect(Object.keys(others)).toEqual(['Rng']);
    const task = policy.taskSize > 0 ? { task: new Float32Array(policy.taskSize) } : {};
    exported.observations.forEach((observation, i) => {
      const action = policy.act(observation as number, task);
      expect(distanceOf(subject.actionSpace, action, exported.actions[i])).toBeLessThan(TOLERANCE);
    });
  });

  it.each([
    ['onnxruntime-node', node],
    ['onnxruntime-web', web as unknown as typeof node],
  ] as const)('acts alike in %s', async (_, runtime) => {
    const exported = await exportOf(subject);
    const actions = await runOnnx(runtime, exported, subject);
    actions.forEach((action, i) => {
      expect(distanceOf(subject.actionSpace, action, exported.actions[i])).toBeLessThan(TOLERANCE);
    });
  });
});

it('a page acts with the exported module and nothing else', { timeout: 60_000 }, async (context) => {
  requireBrowser(context);
  const subject = subjects[0]!;
  const exported = await exportOf(subject);
  const observations = exported.observations.map((each) => Array.from(each as Float32Array));
  const files = {
    '/main.js': `import { policy } from './policy.js';
      window.result = Promise.resolve(${JSON.stringify(observations)}.map((each) => Array.from(policy.act(each))));`,
    '/policy.js': await toJavaScript(exported.bytes),
  };
  const { result, complaints } = await visitSite<number[][]>({ files });
  expect(complaints).toEqual([]);
  result.forEach((action, i) => {
    expect(distanceOf(subject.actionSpace, action, exported.actions[i])).toBeLessThan(TOLERANCE);
  });
});

it('ONNX refuses a hierarchy that remembers, and says what to use', async () => {
  const subject = subjects.find(({ name }) => name === 'lsp')!;
  const agent = await makeAgent(subject);
  const description = agent.describePolicy!();
  const { head } = description;
  if (head.type !== 'flow') throw new Error('expected a flow');
  const [level] = head.levels;
  const two = { ...description, head: { ...head, levels: [level!, { ...level!, every: 3 }] } };
  expect(formatSupport(two, 'js')).toEqual({});
  expect(formatSupport(two, 'onnx').problem).toMatch(/holds its latent for several steps.*use policy or js/);
  expect(formatSupport(description, 'onnx')).toEqual({ without: 'samples' });
  agent.dispose();
});

it('where a page may not compile WebAssembly, the plain loop acts', { timeout: 60_000 }, async (context) => {
  requireBrowser(context);
  const subject = subjects[0]!;
  const exported = await exportOf(subject);
  const observation = Array.from(exported.observations[0] as Float32Array);
  const files = {
    '/main.js': `import { policy } from './policy.js';
      window.result = Promise.resolve([Array.from(policy.act(${JSON.stringify(observation)}))]);`,
    '/policy.js': await toJavaScript(exported.bytes),
  };
  const { result } = await visitSite<number[][]>({ files, policy: "script-src 'self'" });
  expect(distanceOf(subject.actionSpace, result[0], exported.actions[0])).toBeLessThan(TOLERANCE);
});
