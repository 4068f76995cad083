import { countTensors, selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  copySnapshot,
  Discrete,
  InvalidInputError,
  MultiDiscrete,
  Rng,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PearlConfig, pearlConfig } from './config.js';
import { Pearl } from './pearl.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const observationSpace = new Box({ low: -1, high: 1, shape: [1] });
const ARMS = 3;
const STEPS = 6;

const small: Partial<PearlConfig> = {
  hiddenSizes: [32],
  encoderHiddenSizes: [64],
  latentSize: 2,
  metaBatchSize: ARMS,
  batchSize: 16,
  contextSize: 8,
  initialSteps: 12,
  priorSteps: 12,
  posteriorSteps: 12,
  extraSteps: 0,
  tasksPerIteration: 3,
  updatesPerIteration: 72,
  replayCapacity: 500,
  discount: 0.5,
  klWeight: 0.01,
  actorLearningRate: 5e-3,
  criticLearningRate: 5e-3,
  encoderLearningRate: 5e-3,
  temperature: 0.05,
};

const make = (own: Partial<PearlConfig> = {}, seed = 1) =>
  new Pearl<number>(
    {
      observationSpace,
      actionSpace: new Discrete(ARMS),
      rng: Rng.fromSeed(seed),
      tasks: Array.from({ length: ARMS }, (_, arm) => [arm]),
    },
    pearlConfig.parse({ ...small, ...own }),
  );

const step = (action: number, arm: number, last: boolean, duration = 1) => ({
  observation: [0],
  action,
  reward: action === arm ? 1 : 0,
  nextObservation: [0],
  terminated: false,
  truncated: last,
  duration,
});

/** Bandits in which task k pays for arm k. `pull` chooses an arm instead of the agent. */
function learn(agent: Pearl<number>, episodes: number, pull?: (step: number) => number): void {
  for (let episode = 0; episode < episodes; episode++) {
    const task = agent.beginEpisode();
    for (let i = 0; i < STEPS; i++) {
      const action = agent.act([0], { deterministic: false });
      agent.observe(step(pull?.(i) ?? action, task, i === STEPS - 1));
      agent.update();
    }
  }
}

describe('Pearl on Discrete actions', () => {
  it('finds out which arm pays by pulling them, with discrete soft actor-critic', () => {
    const agent = make({ discount: 0, rewardScale: 10, temperature: 0.5 });
    // The pulled arms identify the task completely, whatever the policy would do.
    learn(agent, 100, (i) => i % ARMS);
    for (let arm = 0; arm < ARMS; arm++) {
      const adaptation = agent.adapt({ descriptor: [arm], rng: Rng.fromSeed(2) });
      for (let action = 0; action < ARMS; action++) adaptation.observe(step(action, arm, false));
      adaptation.beginEpisode({ explore: false });
      expect(adaptation.act([0], { deterministic: true })).toBe(arm);
    }
    agent.dispose();
  });

  it.each([{}, { normalizeObservations: true, encoder: 'attention' as const }])(
    'goes on from a snapshot to identical numbers, and leaves no tensors behind: %o',
    (own) => {
      const before = countTensors();
      const [whole, first, second] = [make(own), make(own), make(own, 9)];
      learn(whole, 30);
      learn(first, 20);
      second.load(copySnapshot(first.save()));
      learn(second, 10);
      expect(snapshotsEqual(second.save(), whole.save())).toBe(true);
      for (const agent of [whole, first, second]) agent.dispose();
      expect(countTensors()).toBe(before);
    },
  );

  it.each([1, 3])('bootstraps with the discount to the power of a duration of %d', (duration) => {
    // Reward 1 at every step, forever: apart from entropy, the value is 1 / (1 - discount^duration).
    const agent = make({ taskInput: 'none', temperature: 1e-3, targetRate: 0.1, discount: 0.7 });
    for (let episode = 0; episode < 120; episode++) {
      const task = agent.beginEpisode();
      for (let i = 0; i < STEPS; i++) {
        agent.act([0], { deterministic: false });
        agent.observe(step(task, task, i === STEPS - 1, duration));
        agent.update();
      }
    }
    const { meanTarget } = agent.update().metrics();
    expect(Math.abs(meanTarget! * (1 - 0.7 ** duration) - 1)).toBeLessThan(0.1);
    agent.dispose();
  });

  it('refuses settings that mean nothing there, and other spaces of actions', () => {
    expect(() => make({ valueNetwork: true })).toThrow(InvalidInputError);
    expect(() => make({ valueNetwork: true })).toThrow('config.valueNetwork: expected false');
    expect(() => make({ policyRegularization: 0.1 })).toThrow('config.policyRegularization: expected 0');
    const choices = {
      observationSpace,
      actionSpace: new MultiDiscrete([2, 2]),
      rng: Rng.fromSeed(1),
      tasks: [[0]],
    };
    const other = () => new Pearl(choices, pearlConfig.parse(small));
    expect(other).toThrow(SpaceMismatchError);
    expect(other).toThrow(
      'pearl needs a Box action space with finite bounds, or a Discrete one, got MultiDiscrete',
    );
  });
});
