import { polyakStep, readScalar, readTensor } from '@maxent/backend';
import {
  type ActOptions,
  type Agent,
  type AgentContext,
  encodeValue,
  type Metrics,
  type PolicyDescription,
  type Rng,
  requireForm,
  requireOutcome,
  type Snapshot,
  type Space,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import { Adam, lossAndGradients, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Backup, drawAction, greedyAction, hardBackup } from '../action-values/backup.js';
import { epsilonAt } from '../action-values/config-fields.js';
import { SoftBackup } from '../action-values/soft-backup.js';
import { type AgentParts, disposeParts, loadParts, networkPart, saveParts } from '../agent-parts.js';
import { describeNetworks } from '../describe-network.js';
import { DiscreteReplay } from '../discrete-replay.js';
import { ObservationRow } from '../observation-row.js';
import { requireCounter, requireReplay, requireStream } from '../snapshot-parts.js';
import { requireDiscreteActions } from '../supported-spaces.js';
import { temporalDifferenceLoss } from '../temporal-difference-loss.js';
import { requireTrainingMemory } from '../training-memory.js';
import { gradientStepsDue } from '../update-schedule.js';
import type { DeepQConfig, SoftDeepQConfig } from './config.js';
import { NStepWindow } from './n-step-window.js';

/** In what hard and soft deep Q-learning differ. */
interface Kind {
  readonly name: string;
  readonly backup: Backup;
  /** Of the policy that is learnt, softmax(Q / temperature); 0 where it is greedy. */
  readonly temperature: number;
}

/** What the last gradient step leaves for metrics. */
interface StepStatistics {
  readonly loss: number;
  /** Q(s', .), of which the bootstrap took its policy, [B, actions]. */
  readonly nextValues: Float32Array;
}

/**
 * Deep Q-learning with replay and a target network (Mnih et al. 2015, "Human-level control through deep reinforcement
 * learning", algorithm 1). Each gradient step draws a minibatch of (s, a, R, s'), R the sum of n rewards, and lowers
 *
 *   loss(Q(s, a) - y),  y = R + discount^n V_target(s'),  V_target(s') = 0 where the episode terminated.
 *
 * Observations of any space are flattened; a Discrete one becomes one-hot.
 */
class DeepQLearning implements Agent<unknown, number> {
  private readonly observationSpace: Space<unknown>;
  private readonly seen: ObservationRow;
  private readonly actionSpace: Space<unknown>;
  private readonly actionCount: number;
  private readonly network: Mlp;
  private readonly target: Mlp;
  private readonly optimizer: Adam;
  private readonly replay: DiscreteReplay;
  private readonly window: NStepWindow;
  /** What a snapshot holds beside the replay. */
  private readonly parts: AgentParts;
  private readonly targets: Float32Array;
  private readonly probabilities: Float64Array;
  /** The transition being appended, reused from step to step. */
  private readonly row: { readonly observation: Float32Array; readonly nextObservation: Float32Array };
  private explorationRng: Rng;
  private replayRng: Rng;
  private observed = 0;
  private statistics: StepStatistics | undefined;

  protected constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    private readonly config: DeepQConfig | SoftDeepQConfig,
    private readonly kind: Kind,
  ) {
    const { hiddenSizes, batchSize, learningRate, maxGradientNorm, discount } = config;
    this.observationSpace = observationSpace;
    this.seen = new ObservationRow(observationSpace);
    this.actionSpace = actionSpace;
    this.actionCount = requireDiscreteActions(actionSpace, kind.name).count;
    const observationSize = observationSpace.flatSize;
    requireTrainingMemory({
      inputSize: observationSize + this.actionCount,
      widths: { hiddenSizes },
      counts: { batchSize },
    });
    this.replay = new DiscreteReplay({ observationSize, capacity: config.replayCapacity, batchSize });
    this.network = new Mlp({
      inputSize: observationSize,
      hiddenSizes,
      outputSize: this.actionCount,
      rng: rng.split('network'),
    });
    this.target = this.network.createTarget();
    this.optimizer = new Adam([this.network.parameters], {
      learningRate,
      maxGradientNorm,
    });
    this.window = new NStepWindow({ length: config.nStep, discount, observationSize });
    this.parts = {
      network: networkPart(this.network),
      target: networkPart(this.target),
      optimizer: this.optimizer,
      window: this.window,
    };
    this.targets = new Float32Array(batchSize);
    this.probabilities = new Float64Array(this.actionCount);
    this.row = {
      observation: new Float32Array(observationSize),
      nextObservation: new Float32Array(observationSize),
    };
    this.explorationRng = rng.split('exploration');
    this.replayRng = rng.split('replay');
  }

  /** Q(s, .), [actions]. */
  actionValues(observation: unknown): Float32Array {
    this.seen.read(observation, 'actionValues: observation');
    return this.seenValues();
  }

  /** pi(. | s) of the policy that is learnt, [actions]. */
  policy(observation: unknown): Float64Array {
    const probabilities = new Float64Array(this.actionCount);
    this.kind.backup.policyInto(this.actionValues(observation), 0, this.actionCount, probabilities);
    return probabilities;
  }

  /**
   * The most valuable action when deterministic, the lowest one on ties. Otherwise explores: uniformly at random while
   * `learningStarts` lasts. With `rng` given, a draw from the policy that is learnt.
   */
  act(observation: unknown, { deterministic, rng }: ActOptions): number {
    this.seen.read(observation, 'act: observation');
    const { actionCount, explorationRng, probabilities } = this;
    if (deterministic) return greedyAction(this.seenValues(), 0, actionCount);
    if (rng === undefined && explorationRng.uniform() < this.explorationRate()) {
      return explorationRng.integer(actionCount);
    }
    this.kind.backup.policyInto(this.seenValues(), 0, actionCount, probabilities);
    return drawAction(rng ?? explorationRng, probabilities);
  }

  observe(transition: Transition<unknown, number>): void {
    const { row, window, kind } = this;
    const { observation, nextObservation, action, reward, terminated, truncated } = transition;
    requireOutcome(transition);
    encodeValue(this.observationSpace, observation, row.observation, 'observe: observation');
    encodeValue(this.observationSpace, nextObservation, row.nextObservation, 'observe: nextObservation');
    requireForm(this.actionSpace, action, 'observe: action');
    const bonus =
      window.countsBonus && kind.backup.bonus !== undefined
        ? kind.backup.bonus(this.actionValues(observation), 0, this.actionCount)
        : 0;
    window.push({ ...row, action, reward, bonus, terminated, truncated }, (complete) =>
      this.replay.append(complete),
    );
    this.observed += 1;
  }

  update(): UpdateResult {
    // The first steps may still wait for their n rewards.
    const due = this.replay.log.size > 0 ? gradientStepsDue(this.config, this.observed) : 0;
    for (let i = 0; i < due; i++) this.gradientStep();
    return { gradientSteps: due, metrics: () => this.metrics() };
  }

  save(): Snapshot {
    const parts = saveParts(this.parts);
    return {
      arrays: parts.arrays,
      rows: { replay: this.replay.log },
      metadata: {
        ...parts.metadata,
        observed: this.observed,
        explorationRng: this.explorationRng.state(),
        replayRng: this.replayRng.state(),
      },
    };
  }

  load(snapshot: Snapshot): void {
    const { name } = this.kind;
    const before = this.save();
    try {
      const observed = requireCounter(snapshot, 'observed', name);
      const explorationRng = requireStream(snapshot, 'explorationRng', name);
      const replayRng = requireStream(snapshot, 'replayRng', name);
      const replay = requireReplay(snapshot, name);
      loadParts(this.parts, snapshot, name);
      this.replay.log.load(replay);
      Object.assign(this, { observed, explorationRng, replayRng });
    } catch (error) {
      // A replay that does not fit is left as it was; what was loaded before it is put back.
      loadParts(this.parts, before, name);
      throw error;
    }
    this.statistics = undefined;
  }

  describePolicy(): PolicyDescription {
    const { observationSpace, actionSpace, kind, network } = this;
    const { networks, tensors } = describeNetworks('network', network);
    return {
      agent: kind.name,
      observationSpace,
      actionSpace,
      layers: networks[0]!,
      head: { type: 'categorical', temperature: kind.temperature },
      tensors,
    };
  }

  dispose(): void {
    disposeParts(this.parts);
  }

  /** Q(s, .) at what was seen last, [actions]. */
  private seenValues(): Float32Array {
    return tf.tidy(() => readTensor(this.network.apply(this.seen.tensor())));
  }

  private explorationRate(): number {
    return this.observed < this.config.learningStarts ? 1 : epsilonAt(this.config, this.observed);
  }

  private gradientStep(): void {
    const { replay, targets, network, config } = this;
    this.statistics = tf.tidy(() => {
      replay.sample(this.replayRng);
      const nextValues = this.computeTargets();
      const observations = replay.observations();
      const { loss, gradients } = lossAndGradients(
        () =>
          temporalDifferenceLoss(network.apply(observations), {
            actions: replay.actions,
            targets,
            loss: config.loss,
          }),
        [network.parameters],
      );
      this.optimizer.step(gradients);
      return { loss: readScalar(loss), nextValues };
    });
    if (this.optimizer.steps % config.targetEvery === 0) {
      polyakStep(this.target.parameters, network.parameters, config.targetRate);
    }
  }

  /** Writes y of the minibatch into `targets`. Returns Q(s', .), of which the policy is taken. */
  private computeTargets(): Float32Array {
    const { replay, targets, actionCount, kind, config } = this;
    const nextObservations = replay.nextObservations();
    const paid = readTensor(this.target.apply(nextObservations));
    const chosen = config.doubleQ ? readTensor(this.network.apply(nextObservations)) : paid;
    for (let i = 0; i < targets.length; i++) {
      const start = i * actionCount;
      const nextValue = config.doubleQ
        ? kind.backup.doubleValue(chosen, paid, start, actionCount)
        : kind.backup.value(paid, start, actionCount);
      targets[i] = replay.rewards[i]! + replay.bootstraps[i]! * nextValue;
    }
    return chosen;
  }

  private metrics(): Metrics {
    if (this.statistics === undefined) return {};
    const { loss, nextValues } = this.statistics;
    const { backup } = this.kind;
    const meanTarget = this.targets.reduce((sum, y) => sum + y, 0) / this.targets.length;
    return {
      loss,
      meanTarget,
      epsilon: epsilonAt(this.config, this.observed),
      // That of a greedy policy is always 0.
      ...(backup.bonus !== undefined && { entropy: meanEntropy(backup, nextValues, this.actionCount) }),
    };
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
  const probabilities = new Float64Array(actionCount);
  let sum = 0;
  for (let start = 0; start < values.length; start += actionCount) {
    backup.policyInto(values, start, actionCount, probabilities);
    for (const p of probabilities) if (p > 0) sum -= p * Math.log(p);
  }
  return (sum * actionCount) / values.length;
}
