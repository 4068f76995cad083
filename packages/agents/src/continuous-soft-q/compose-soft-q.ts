import {
  type AgentContext,
  type Box,
  InvalidInputError,
  parseConfig,
  type Rng,
  SpaceMismatchError,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type { AgentPart } from '../learner/agent-parts.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import type { TransitionReplay } from '../learner/transition-replay.js';
import { type ContinuousSoftQConfig, continuousSoftQConfig } from './config.js';
import type { ContinuousSoftQLearning } from './continuous-soft-q-learning.js';
import type { FrozenSoftQ } from './frozen-soft-q.js';
import { ImplicitPolicyAgent } from './implicit-policy-agent.js';

/** The settings of a policy that learns to follow given Q-functions. */
const composedPolicyConfig = continuousSoftQConfig.pick({
  hiddenSizes: true,
  batchSize: true,
  samplerLearningRate: true,
  fixedParticles: true,
  updatedParticles: true,
  replayCapacity: true,
  learningStarts: true,
  trainEvery: true,
  gradientSteps: true,
});

type ComposedPolicyConfig = z.output<typeof composedPolicyConfig>;

export interface ComposeSoftQOptions {
  /** Source of the new policy's weights and all its random numbers. */
  readonly rng: Rng;
  /** Whether the policy also learns from the agents' experience ('union', the default) or only from its own ('own'). */
  readonly replay?: 'union' | 'own';
  /**
   * Settings that differ from the first agent's configuration, such as `samplerLearningRate`. Settings for learning
   * values do not exist here: the Q-functions are given, each with the temperature and reward scale that it was learned
   * with.
   */
  readonly config?: Partial<ComposedPolicyConfig>;
}

/**
 * An agent for several tasks at once, built from soft Q-functions that were each learned on one task (Haarnoja et al.
 * 2018, "Composable deep reinforcement learning for robotic manipulation", arXiv 1803.06773). Its policy is a new
 * sampling network, trained toward
 *
 *   pi(a | s) proportional to exp(sum_i Q_i(s, a) / temperature_i),
 *
 * the normalized product of the agents' own policies: it does what is good for all of them. The Q-functions are copied
 * and learn no more; the caller keeps the agents and may dispose of them.
 *
 * With the union of the agents' replays, `update()` needs no new experience: unless `config` says otherwise,
 * `learningStarts` is 0 and `trainEvery` 1, so that every call takes `gradientSteps` steps. With `replay` 'own', the
 * schedule is the first agent's.
 *
 * Throws InvalidInputError if there are no agents or `config` is invalid, SpaceMismatchError if the agents' spaces
 * differ.
 */
export function composeSoftQ(
  agents: readonly ContinuousSoftQLearning[],
  { rng, replay = 'union', config }: ComposeSoftQOptions,
): ComposedSoftQ {
  const [first] = agents;
  if (first === undefined) throw new InvalidInputError('agents', 'expected at least one, got none');
  const expected = describeSpaces(first);
  for (const [i, agent] of agents.entries()) {
    const found = describeSpaces(agent);
    if (found === expected) continue;
    throw new SpaceMismatchError(`agents[${i}] was made for ${found}, but agents[0] for ${expected}`);
  }
  const rows = agents.reduce((sum, agent) => sum + agent.replay.log.size, 0);
  const ofFirst = composedPolicyConfig.parse(first.config);
  const own = parseConfig(composedPolicyConfig, {
    ...ofFirst,
    // The capacity has room for all rows that are taken over, and learning from them starts at once.
    ...(replay === 'union' && {
      replayCapacity: ofFirst.replayCapacity + rows,
      learningStarts: 0,
      trainEvery: 1,
    }),
    ...config,
  });
  const composed = new ComposedSoftQ(
    { observationSpace: first.observationSpace, actionSpace: first.actionSpace, rng },
    // Each Q-function was learned with its own statistics, and applies them to raw observations.
    { ...first.config, ...own, normalizeObservations: false, rewardScaling: false },
    agents.map((agent) => agent.frozenSoftQ()),
  );
  if (replay === 'union') for (const agent of agents) composed.takeOver(agent.replay);
  return composed;
}

/** An agent whose policy follows a fixed sum of soft Q-functions; `composeSoftQ` makes it. */
export class ComposedSoftQ extends ImplicitPolicyAgent {
  protected readonly learned: AgentPart;

  constructor(
    context: AgentContext,
    config: ContinuousSoftQConfig,
    private readonly terms: readonly FrozenSoftQ[],
  ) {
    super(context, config, 'composed soft Q-functions');
    this.learned = this.partsWith(Object.fromEntries(terms.map((term, i) => [`term${i}`, term])));
  }

  logDensity(observations: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor1D {
    return tf.addN(this.terms.map((term) => term.logDensity(observations, actions)));
  }

  /** Appends another agent's experience. It counts as observed, so the policy may learn from it at once. */
  takeOver(replay: TransitionReplay): void {
    this.replay.appendAll(replay);
    this.observed += replay.log.size;
  }

  /** Does nothing: the Q-functions are fixed. */
  protected learnValues(): StepMetrics {
    return {};
  }
}

function describeSpaces({ observationSpace, actionSpace }: ContinuousSoftQLearning): string {
  const { low, high } = actionSpace as Box;
  return `observations ${observationSpace.toString()} and actions from [${low}] to [${high}]`;
}
