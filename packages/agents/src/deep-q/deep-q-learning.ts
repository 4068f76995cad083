import { polyakStep, readTensor } from '@maxent/backend';
import type { ActOptions, AgentContext, PolicyDescription } from '@maxent/core';
import { Adam, lossAndGradients, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Backup, drawAction, greedyAction, hardBackup } from '../action-values/backup.js';
import { epsilonAt } from '../action-values/config-fields.js';
import { SoftBackup } from '../action-values/soft-backup.js';
import { describeNetworks } from '../describe-network.js';
import { DiscreteActions } from '../discrete-actions.js';
import { type AgentPart, joinParts, networkPart } from '../learner/agent-parts.js';
import { Learner } from '../learner/learner.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import { requireTrainingMemory } from '../learner/training-memory.js';
import { temporalDifferenceLoss } from '../temporal-difference-loss.js';
import type { DeepQConfig, SoftDeepQConfig } from './config.js';
import { NStepReplay } from './n-step-replay.js';

/** The differences between hard and soft deep Q-learning. */
interface Kind {
  readonly name: string;
  readonly backup: Backup;
  /** Temperature of the learned policy, softmax(Q / temperature); 0 if it is greedy. */
  readonly temperature: number;
}

/**
 * Deep Q-learning with replay and a target network (Mnih et al. 2015, "Human-level control through deep reinforcement
 * learning", algorithm 1). Each gradient step draws a minibatch of (s, a, R, s'), R the sum of n rewards, and lowers
 *
 *   loss(Q(s, a) - y),  y = R + discount^n V_target(s'),  V_target(s') = 0 where the episode terminated.
 *
 * Observations of any space are flattened; a Discrete one becomes one-hot.
 */
class DeepQLearning extends Learner<number, 'exploration' | 'replay'> {
  protected readonly learned: AgentPart;
  protected readonly experience: NStepReplay;
  private readonly actionCount: number;
  private readonly network: Mlp;
  private readonly target: Mlp;
  private readonly optimizer: Adam;
  private readonly targets: Float32Array;
  private readonly probs: Float64Array;

  protected constructor(
    context: AgentContext,
    private readonly config: DeepQConfig | SoftDeepQConfig,
    private readonly kind: Kind,
  ) {
    const { hiddenSizes, batchSize, learningRate, maxGradientNorm } = config;
    const { name, backup } = kind;
    const actions = DiscreteActions.of(context.actionSpace, name);
    super(context, { name, streams: ['exploration', 'replay'], actions, config, schedule: config });
    this.actionCount = actions.size;
    const observationSize = context.observationSpace.flatSize;
    requireTrainingMemory({
      inputSize: observationSize + this.actionCount,
      widths: { hiddenSizes },
      counts: { batchSize },
    });
    this.experience = new NStepReplay({
      observationSize,
      nStep: config.nStep,
      capacity: config.replayCapacity,
      batchSize,
      bonus: backup.bonus && ((observation) => this.bonus(observation)),
      ...this.view,
    });
    this.network = new Mlp({
      inputSize: observationSize,
      hiddenSizes,
      outputSize: this.actionCount,
      rng: context.rng.split('network'),
    });
    this.target = this.network.createTarget();
    this.optimizer = new Adam([this.network.parameters], {
      learningRate,
      maxGradientNorm,
    });
    this.learned = joinParts(name, {
      network: networkPart(this.network),
      target: networkPart(this.target),
      optimizer: this.optimizer,
      window: this.experience.windows,
    });
    this.targets = new Float32Array(batchSize);
    this.probs = new Float64Array(this.actionCount);
  }

  /** Q(s, .), [actions]. */
  actionValues(observation: unknown): Float32Array {
    this.seen.read(observation, 'actionValues: observation');
    return this.seenValues();
  }

  /** Q(s, a), in units of reward. */
  actionValue(observation: unknown, action: number): number {
    return this.leastValue(observation, action, (states, actions) =>
      tf.sum(tf.mul(this.network.apply(states), actions), -1),
    );
  }

  /** pi(. | s) of the learned policy, [actions]. */
  policy(observation: unknown): Float64Array {
    const probs = new Float64Array(this.actionCount);
    this.kind.backup.policyInto(this.actionValues(observation), 0, this.actionCount, probs);
    return probs;
  }

  /**
   * If deterministic, the most valuable action, the lowest one on ties. Otherwise explores, uniformly at random for the
   * first `learningStarts` steps. With `rng`, a draw from the learned policy.
   */
  act(observation: unknown, { deterministic, rng, environment }: ActOptions): number {
    this.seen.read(observation, 'act: observation');
    const { actionCount, probs } = this;
    if (deterministic) return greedyAction(this.seenValues(), 0, actionCount);
    const stream = rng ?? this.streamIn('exploration', environment);
    if (rng === undefined && stream.uniform() < this.explorationRate()) {
      return stream.integer(actionCount);
    }
    this.kind.backup.policyInto(this.seenValues(), 0, actionCount, probs);
    return drawAction(stream, probs);
  }

  describePolicy(): PolicyDescription {
    const { networks, tensors } = describeNetworks('network', this.network);
    const head = { type: 'categorical', temperature: this.kind.temperature } as const;
    return this.describe({ layers: networks[0]!, head, tensors });
  }

  /** Q(s, .) of the last observation, [actions]. */
  private seenValues(): Float32Array {
    return tf.tidy(() => readTensor(this.network.apply(this.seen.tensor())));
  }

  private explorationRate(): number {
    return this.warmingUp ? 1 : epsilonAt(this.config, this.observed);
  }

  /** The backup's bonus for choosing an action at this flat, raw observation. */
  private bonus(observation: Float32Array): number {
    this.seen.readFlat(observation);
    return this.kind.backup.bonus!(this.seenValues(), 0, this.actionCount);
  }

  protected gradientStep(): StepMetrics {
    const { experience, targets, network, config } = this;
    const { backup } = this.kind;
    experience.sample(this.streams.replay);
    const nextValues = this.computeTargets();
    const observations = experience.observations();
    const { loss, gradients } = lossAndGradients(
      () =>
        temporalDifferenceLoss(network.apply(observations), {
          actions: experience.actions,
          targets,
          loss: config.loss,
        }),
      [network.parameters],
    );
    this.optimizer.step(gradients);
    if (this.optimizer.steps % config.targetEvery === 0) {
      polyakStep(this.target.parameters, network.parameters, config.targetRate);
    }
    return {
      loss,
      meanTarget: () => targets.reduce((sum, y) => sum + y, 0) / targets.length,
      epsilon: () => epsilonAt(config, this.observed),
      // The entropy of a greedy policy is always 0.
      ...(backup.bonus !== undefined && {
        entropy: () => meanEntropy(backup, nextValues, this.actionCount),
      }),
    };
  }

  /** Writes y of the minibatch into `targets`. Returns Q(s', .), from which the policy is taken. */
  private computeTargets(): Float32Array {
    const { experience, targets, actionCount, kind, config } = this;
    const nextObservations = experience.nextObservations();
    const paid = readTensor(this.target.apply(nextObservations));
    const chosen = config.doubleQ ? readTensor(this.network.apply(nextObservations)) : paid;
    for (let i = 0; i < targets.length; i++) {
      const start = i * actionCount;
      const nextValue = config.doubleQ
        ? kind.backup.doubleValue(chosen, paid, start, actionCount)
        : kind.backup.value(paid, start, actionCount);
      targets[i] = experience.rewards[i]! + experience.bootstraps[i]! * nextValue;
    }
    return chosen;
  }
}

/**
 * Deep hard Q-learning, the DQN of Mnih et al. 2015: V(s') = max_a Q(s', a), acting by epsilon-greedy exploration;
 * with `doubleQ` the double DQN of van Hasselt et al. 2016.
 *
 * Throws SpaceMismatchError unless actions are Discrete.
 */
export class DeepQNetwork extends DeepQLearning {
  constructor(context: AgentContext, config: DeepQConfig) {
    super(context, config, { name: 'dqn', backup: hardBackup, temperature: 0 });
  }
}

/**
 * Deep soft Q-learning for discrete actions (Haarnoja et al. 2017, arXiv 1702.08165; Soft-DQN in Vieillard et al. 2020,
 * arXiv 2007.14430): V(s') = tau log sum_a p(a) exp(Q(s', a) / tau), acting by its own policy softmax(Q / tau). At
 * temperature 0 it would be `DeepQNetwork`.
 *
 * Throws SpaceMismatchError unless actions are Discrete.
 */
export class SoftDeepQNetwork extends DeepQLearning {
  constructor(context: AgentContext, config: SoftDeepQConfig) {
    super(context, config, {
      name: 'soft-dqn',
      backup: new SoftBackup(config),
      temperature: config.temperature,
    });
  }
}

/** Mean entropy of the policies for the rows of `values`, [rows, actions], in nats. */
function meanEntropy(backup: Backup, values: Float32Array, actionCount: number): number {
  const probs = new Float64Array(actionCount);
  let sum = 0;
  for (let start = 0; start < values.length; start += actionCount) {
    backup.policyInto(values, start, actionCount, probs);
    for (const p of probs) if (p > 0) sum -= p * Math.log(p);
  }
  return (sum * actionCount) / values.length;
}
