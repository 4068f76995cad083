// Every built-in agent against its policy file: the same actions, with the kernel and without.
import { type Agent, isMetaAgent, type MetaAgent, Rng } from '@maxent/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodePolicy, readPolicy, type TrainedPolicy } from './index.js';
import {
  distanceOf,
  makeAgent,
  registry,
  type Subject,
  subjects,
  unsettle,
} from './test-support/registered-agents.js';

/** Of an action's range. */
const TOLERANCE = 2e-5;

type Given = TrainedPolicy<unknown, unknown>;

function fileOf(agent: Agent): Uint8Array {
  return encodePolicy(agent.describePolicy!());
}

afterEach(() => vi.unstubAllGlobals());

it('every registered agent is tried', () => {
  expect(new Set(subjects.map(({ name }) => name))).toEqual(new Set(registry.agents.map(({ name }) => name)));
});

describe.each(subjects)('$title', (subject) => {
  const rng = Rng.fromSeed(5);
  const observations = Array.from({ length: 40 }, () => subject.observationSpace.sample(rng));

  it.each(['kernel', 'plain loop'])('acts as its agent does, by the %s', async (road) => {
    const agent = await trained(subject);
    if (road === 'plain loop') vi.stubGlobal('WebAssembly', undefined);
    const policy: Given = readPolicy(fileOf(agent));
    expect(policy.agent).toBe(subject.name);
    const task = policy.taskSize > 0 ? { task: new Float32Array(policy.taskSize) } : {};
    for (const observation of observations) {
      const expected = agent.act(observation, { deterministic: true });
      const found = policy.act(observation, task);
      expect(distanceOf(subject.actionSpace, found, expected)).toBeLessThan(TOLERANCE);
      expect(subject.actionSpace.contains(found)).toBe(true);
    }
    agent.dispose();
  });

  it('draws what its agent draws from a stream', async () => {
    const agent = await trained(subject);
    const policy: Given = readPolicy(fileOf(agent));
    const task = policy.taskSize > 0 ? { task: new Float32Array(policy.taskSize) } : {};
    for (const [i, observation] of observations.entries()) {
      const expected = agent.act(observation, { deterministic: false, rng: Rng.fromSeed(i) });
      const found = policy.act(observation, { deterministic: false, rng: Rng.fromSeed(i), ...task });
      expect(distanceOf(subject.actionSpace, found, expected)).toBeLessThan(TOLERANCE);
    }
    agent.dispose();
  });

  it('writes the same bytes again, and acts on batches', async () => {
    const agent = await trained(subject);
    const bytes = fileOf(agent);
    const policy: Given = readPolicy(bytes);
    expect(policy.toBytes()).toEqual(bytes);
    expect(String(policy.observationSpace)).toBe(String(subject.observationSpace));
    const task = policy.taskSize > 0 ? { task: new Float32Array(policy.taskSize) } : {};
    expect(policy.actBatch(observations, task)).toEqual(observations.map((each) => policy.act(each, task)));
    agent.dispose();
  });
});

describe('greedy choices', () => {
  it('are those of the agent wherever the two best differ by more than 1e-4', async () => {
    const subject = subjects.find(({ name }) => name === 'dqn')!;
    const agent = (await trained(subject)) as Agent & { actionValues(observation: unknown): Float32Array };
    const policy: Given = readPolicy(fileOf(agent));
    const rng = Rng.fromSeed(8);
    for (let i = 0; i < 500; i++) {
      const observation = subject.observationSpace.sample(rng);
      const [best, second] = [...agent.actionValues(observation)].sort((a, b) => b - a);
      if (best! - second! < 1e-4) continue;
      expect(policy.act(observation)).toBe(agent.act(observation, { deterministic: true }));
    }
    agent.dispose();
  });
});

describe('a policy that infers tasks', () => {
  const inferring = subjects.filter(({ name, title }) => name === 'pearl' && !/told|blind/.test(title));

  it.each(inferring)('$title: believes what its agent believes, and acts on it alike', async (subject) => {
    const agent = await trained(subject);
    if (!isMetaAgent(agent)) throw new Error('expected a MetaAgent');
    const policy: Given = readPolicy(fileOf(agent));
    expect(policy.infer([])).toEqual({ mean: [0, 0, 0], variance: [1, 1, 1] });
    const context = contextOf(subject, 6);
    const streams = [Rng.fromSeed(9), Rng.fromSeed(9)] as const;
    const adaptation = agent.adapt({ descriptor: [0, 0], rng: streams[0] });
    for (const row of context) adaptation.observe(row);
    const expected = adaptation.belief()!;
    const found = policy.infer(context);
    for (const key of ['mean', 'variance'] as const) {
      found[key].forEach((value, i) => {
        expect(value).toBeCloseTo(expected[key][i]!, 5);
      });
    }
    // The adaptation drew from the prior when it was made, and draws from the belief here.
    adaptation.beginEpisode({ explore: false });
    streams[1].fillNormal(new Float32Array(policy.taskSize));
    const task = found.mean.map((mean, i) => mean + Math.sqrt(found.variance[i]!) * streams[1].normal());
    const observation = subject.observationSpace.sample(Rng.fromSeed(2));
    const action = adaptation.act(observation, { deterministic: true });
    expect(distanceOf(subject.actionSpace, policy.act(observation, { task }), action)).toBeLessThan(
      TOLERANCE,
    );
    agent.dispose();
  });
});

async function trained(subject: Subject): Promise<Agent> {
  const agent = await makeAgent(subject);
  unsettle(agent, Rng.fromSeed(3));
  return agent;
}

function contextOf(subject: Subject, rows: number): Parameters<MetaAgent['observe']>[0][] {
  const rng = Rng.fromSeed(4);
  return Array.from({ length: rows }, () => ({
    observation: subject.observationSpace.sample(rng),
    action: subject.actionSpace.sample(rng),
    reward: rng.normal(),
    nextObservation: subject.observationSpace.sample(rng),
    terminated: false,
    truncated: false,
    info: { sparse: rng.uniform() },
  }));
}
