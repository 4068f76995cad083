import { countTensors, selectBackend } from '@maxent/backend';
import {
  type AgentContext,
  Box,
  copySnapshot,
  Dict,
  Discrete,
  InvalidInputError,
  parseConfig,
  Rng,
  SnapshotMismatchError,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { checkAgent } from '@maxent/core/testing';
import { train } from 'maxent';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { diaynConfig } from './config.js';
import { corridor, corridorMdp } from './corridor.js';
import { Diayn, diayn, oneHot } from './diayn.js';
import { actionProbs } from './test-support/action-probs.js';
import {
  choosing,
  divergence,
  informationBound,
  mutualInformation,
  occupancyOf,
} from './test-support/exact-skills.js';

beforeAll(() => selectBackend());

const small = { skills: 3, hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 100 };
const spaces = {
  observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
  actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
};
const alive: Diayn[] = [];
afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

function makeAgent(own: z.input<typeof diaynConfig> = {}, context: Partial<AgentContext> = {}): Diayn {
  const config = parseConfig(diaynConfig, { ...small, ...own });
  const agent = new Diayn({ ...spaces, rng: Rng.fromSeed(1), ...context }, config);
  alive.push(agent);
  return agent;
}

/** Steps in each environment in turn, each with episodes of the given length. */
function feed(agent: Diayn, steps: number, { episodes = [1], terminated = false } = {}): void {
  const rng = Rng.fromSeed(2);
  for (let step = 1; step <= steps; step++) {
    episodes.forEach((length, environment) => {
      const observation = spaces.observationSpace.sample(rng);
      const ended = step % length === 0;
      agent.observe({
        observation,
        action: agent.act(observation, { deterministic: false, environment }),
        reward: rng.normal(),
        nextObservation: spaces.observationSpace.sample(rng),
        terminated: ended && terminated,
        truncated: ended && !terminated,
        environment,
      });
      agent.update();
    });
  }
}

describe('the agent contract', () => {
  it.each([
    ['a Box', spaces.actionSpace, {}],
    [
      'Discrete',
      new Discrete(3),
      { discriminatorSees: [0, 2], payForStaying: false, normalizeObservations: true },
    ],
  ])('holds for actions in %s', async (_, actionSpace, own) => {
    const report = await checkAgent(diayn, {
      config: { ...small, ...own },
      observationSpace: spaces.observationSpace,
      actionSpace,
      countTensors,
    });
    expect(report.skipped).toEqual([]);
  });

  it.each([
    [{ evaluationSkill: 3 }, 'config.evaluationSkill: expected a number below skills'],
    [{ skills: 1 }, 'config.skills'],
    [{ discriminatorSees: [0, 4] }, 'config.discriminatorSees: expected entries from 0 to 3'],
  ])('refuses %j', (config, message) => {
    expect(() => makeAgent(config)).toThrow(message);
  });

  it('refuses actions that are neither Discrete nor bounded', () => {
    for (const actionSpace of [
      new Box({ low: -Infinity, high: 1, shape: [1] }),
      new Dict({ a: new Discrete(2) }),
    ]) {
      expect(() => makeAgent({}, { actionSpace })).toThrow(SpaceMismatchError);
    }
  });

  it('stays as it was when an observation is refused at the start of an episode', () => {
    const agent = makeAgent();
    feed(agent, 8, { episodes: [4] });
    const before = copySnapshot(agent.save());
    expect(() => agent.act(Float32Array.of(1), { deterministic: false })).toThrow(SpaceMismatchError);
    expect(snapshotsEqual(agent.save(), before)).toBe(true);
  });

  it('stays as it was when a snapshot has a skill that it lacks', () => {
    const agent = makeAgent();
    feed(agent, 10, { episodes: [4] });
    const before = copySnapshot(agent.save());
    const { skills, ...metadata } = before.metadata;
    for (const running of [{ 0: 3 }, { 0: 0.5 }, { left: 1 }, null]) {
      expect(skills).toMatchObject({ running: {} });
      const spoiled = { ...before, metadata: { ...metadata, skills: { running } } };
      expect(() => agent.load(spoiled)).toThrow(SnapshotMismatchError);
      expect(snapshotsEqual(agent.save(), before)).toBe(true);
    }
  });
});

describe('skills', () => {
  it('last for an episode, each environment has its own, and all are drawn alike', () => {
    const agent = makeAgent({ replayCapacity: 1000, learningStarts: 10_000 });
    const episodes = [4, 5];
    feed(agent, 300, { episodes });
    const { skill } = agent.save().rows!.replay!.read(0, 600);
    const counts = [0, 0, 0];
    const drawn = episodes.map((length, environment) => {
      const followed = Array.from({ length: 300 }, (_, step) => skill![2 * step + environment]!);
      return Array.from({ length: 300 / length }, (_, episode) => {
        const [first, ...rest] = followed.slice(episode * length, (episode + 1) * length);
        expect(rest.every((later) => later === first)).toBe(true);
        counts[first!]! += 1;
        return first;
      });
    });
    expect(drawn[0]!.slice(0, 60)).not.toEqual(drawn[1]);
    // 135 episodes: 45 of each are expected, with a standard deviation of 5.5.
    for (const count of counts) expect(Math.abs(count - 45)).toBeLessThan(4 * 5.5);
  });

  it('of evaluations is evaluationSkill', () => {
    const agents = [0, 1, 2].map((evaluationSkill) => makeAgent({ evaluationSkill }));
    const observation = Float32Array.of(0.1, -0.2, 0.3, 0.4);
    const actions = agents.map((agent) => agent.act(observation, { deterministic: true }));
    expect(new Set(actions.map(String)).size).toBe(3);
    const drawn = agents.map((agent) =>
      agent.act(observation, { deterministic: false, rng: Rng.fromSeed(1) }),
    );
    expect(new Set(drawn.map(String)).size).toBe(3);
  });

  it('are told to a policy one-hot', () => {
    expect(oneHot(1, 3)).toEqual(Float32Array.of(0, 1, 0));
    for (const skill of [-1, 3, 0.5]) expect(() => oneHot(skill, 3)).toThrow(InvalidInputError);
  });
});

describe('the reward', () => {
  // If every step ends its episode, a critic's target is the reward.
  it.each([
    [true, Math.log(3)],
    [false, 0],
  ])('is log q(z | s), plus log(skills) if payForStaying is %s', (payForStaying, constant) => {
    const agent = makeAgent({ payForStaying });
    feed(agent, 40, { terminated: true });
    const { meanTarget, discriminatorLoss, information } = agent.update().metrics();
    expect(meanTarget).toBeCloseTo(constant - discriminatorLoss!, 5);
    expect(information).toBeCloseTo(Math.log(3) - discriminatorLoss!, 6);
  });

  it('depends only on what the discriminator sees', () => {
    const agent = makeAgent({ discriminatorSees: [0, 2] });
    const probs = agent.skillProbs([0.1, 0.2, 0.3, 0.4]);
    expect(probs.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 6);
    expect(agent.skillProbs([0.1, -1, 0.3, 1])).toEqual(probs);
    expect(agent.skillProbs([0.1, 0.2, -1, 0.4])).not.toEqual(probs);
  });
});

it.each([1, 2, 3])('learns the skills that tell the most, and q bounds I(Z; S), seed %i', async (seed) => {
  const run = await train(diayn, corridor, { steps: 1500, seed, evalEvery: 1500 });
  const mdp = corridorMdp();
  const horizon = 4;
  const cells = Array.from({ length: mdp.stateCount }, (_, cell) => cell);
  const tasks = [0, 1].map((skill) => oneHot(skill, 2));
  const policy = run.policy();
  const modes = tasks.map((task) => choosing(mdp, (cell) => policy.act(cell, { task })));
  const description = run.agent.describePolicy();
  const policies = tasks.map((task) =>
    Float64Array.from(cells.flatMap((cell) => actionProbs(description, [...oneHot(cell, 5), ...task]))),
  );
  const probs = cells.map((cell) => run.agent.skillProbs(cell));
  const guesses = tasks.map((_, skill) => probs.map((row) => row[skill]! / (row[0]! + row[1]!)));
  run.close();

  for (const chosen of [modes, policies]) {
    const occupancies = chosen.map((each) => occupancyOf(mdp, each, horizon));
    const information = mutualInformation(occupancies);
    const bound = informationBound({ mdp, policies: chosen, horizon }, guesses);
    // The best pair of deterministic policies, always left and always right: see corridor.test.ts.
    expect(information).toBeGreaterThan(0.95 * 0.526649);
    expect(bound).toBeLessThanOrEqual(information);
    expect(information - bound).toBeCloseTo(divergence(occupancies, guesses), 12);
    expect(bound).toBeGreaterThan(0.9 * information);
  }
});
