import { polyakStep, readScalar, readTensor, tensorOf } from '@maxent/backend';
import {
  type ActOptions,
  type AgentContext,
  type BoxArray,
  InvalidInputError,
  type PolicyDescription,
} from '@maxent/core';
import { Adam, lossAndGradients, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { diverged } from '../action-values/backup.js';
import { type AgentPart, joinParts, mergeParts, networkPart } from '../learner/agent-parts.js';
import { DrawnActions } from '../learner/drawn-actions.js';
import { Learner } from '../learner/learner.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import { requireTrainingMemory } from '../learner/training-memory.js';
import { type TransitionBatch, TransitionReplay } from '../learner/transition-replay.js';
import { scheduleOf } from '../learning-rate-fields.js';
import type { MaximumEntropyFlowConfig } from './config.js';
import { EnergyFlow } from './energy-flow.js';
import type { Prior } from './prior.js';
import { UnsquashedActions } from './unsquashed-actions.js';
import { flowLoss, flowTarget, shiftedValues } from './values.js';

/** The learned shift of a state's values exists twice: the smaller V bootstraps, because one alone overestimates. */
const SHIFTS = 2;

/**
 * MEow (Chao et al. 2024, "Maximum Entropy Reinforcement Learning via Energy-Based Normalizing Flow", arXiv 2405.13629,
 * algorithm 1): one flow, conditioned on the state, is the Q-function, its soft value and the policy at once, so the
 * soft value is exact and there is no actor to train. Each gradient step regresses Q_j(s, a) on r + discount min_j
 * V'_j(s'), and then moves the targets. The temperature is fixed.
 *
 * Observations of any space are flattened; actions must be a bounded Box and are scaled to (-1, 1)^d, to which
 * densities and values refer.
 */
export class MaximumEntropyFlow extends Learner<BoxArray, 'exploration' | 'replay'> {
  protected readonly learned: AgentPart;
  protected readonly experience: TransitionReplay;
  private readonly config: MaximumEntropyFlowConfig;
  private readonly flow: EnergyFlow;
  /** beta_j(s), in units of reward. */
  private readonly shifts: MlpEnsemble;
  private readonly targetPrior: Prior;
  private readonly targetShifts: MlpEnsemble;
  private readonly optimizer: Adam;

  /**
   * Throws SpaceMismatchError unless the action space is a Box with finite bounds, and InvalidInputError if the range of
   * log standard deviations is empty or a size takes too much memory.
   */
  constructor(context: AgentContext, config: MaximumEntropyFlowConfig) {
    const actions = UnsquashedActions.of(context.actionSpace, 'meow');
    const streams = ['exploration', 'replay'] as const;
    const drawn = new DrawnActions(context.actionSpace, actions);
    super(context, { name: 'meow', streams, actions, config, schedule: config, drawn });
    this.config = config;
    const { hiddenSizes, flowHiddenSizes, batchSize, learningRate, maxGradientNorm } = config;
    const { minimumLogStd, maximumLogStd } = config;
    if (!(minimumLogStd < maximumLogStd)) {
      throw new InvalidInputError(
        'config.maximumLogStd',
        `expected a number above config.minimumLogStd = ${minimumLogStd}, got ${maximumLogStd}`,
      );
    }
    const observationSize = context.observationSpace.flatSize;
    requireTrainingMemory({
      inputSize: observationSize + actions.size,
      widths: { hiddenSizes, flowHiddenSizes, couplingHiddenSize: [config.couplingHiddenSize] },
      counts: { batchSize, couplingLayers: config.couplingLayers },
    });
    const sizes = { observationSize, actionSize: actions.size, capacity: config.replayCapacity, batchSize };
    this.experience = new TransitionReplay({ ...sizes, ...this.view });
    const { rng } = context;
    this.shifts = new MlpEnsemble({
      members: SHIFTS,
      inputSize: observationSize,
      hiddenSizes,
      outputSize: 1,
      rng: rng.split('shifts'),
    });
    this.flow = new EnergyFlow({
      ...config,
      observationSize,
      size: actions.size,
      hiddenSizes: flowHiddenSizes,
      additive: config.couplings === 'additive',
      components: config.priorComponents,
      rng: rng.split('flow'),
    });
    this.targetShifts = this.shifts.createTarget();
    this.targetPrior = this.flow.createTargetPrior();
    this.optimizer = new Adam(this.variables, {
      learningRate,
      maxGradientNorm,
      schedule: scheduleOf(config),
    });
    this.learned = mergeParts([
      this.flow,
      joinParts('meow', {
        shifts: networkPart(this.shifts),
        targetPrior: networkPart(this.targetPrior.network),
        targetShifts: networkPart(this.targetShifts),
        optimizer: this.optimizer,
      }),
    ]);
  }

  /**
   * A uniform draw for the first `learningStarts` steps, then a draw from the policy. If deterministic, the squashed
   * image of the prior's mode, SAC's convention: with additive couplings and one Gaussian it is tanh of the mode of the
   * density before squashing. It is not the action of the largest Q, because squashing changes volumes. With `rng`, always
   * a draw from the policy.
   */
  act(observation: unknown, options: ActOptions): BoxArray {
    return this.choose(observation, options, (states, rng) => {
      const policy = this.flow.at(states);
      return readTensor(rng === undefined ? policy.mode() : policy.sample(rng));
    });
  }

  /**
   * The exact soft value of an observation, min_j V_j(s) = alpha log of the integral of exp(min_j Q_j(s, a) / alpha) over
   * actions scaled to (-1, 1)^d. For a density of the space's own actions add alpha times the sum of the logs of their
   * half ranges. Units of (scaled) reward.
   */
  softValue(observation: unknown): number {
    this.seen.read(observation, 'softValue: observation');
    return tf.tidy(() => {
      const states = this.seen.tensor();
      return this.smallest(this.flow.at(states).logNormalizer(), states);
    });
  }

  /**
   * min_j Q_j(s, a), in units of (scaled) reward. The action, scaled to (-1, 1)^d, is clipped to +-(1 - 1e-5), even if
   * this agent drew it.
   */
  actionValue(observation: unknown, action: BoxArray): number {
    this.seen.read(observation, 'actionValue: observation');
    const unsquashed = this.unsquashed(action, 'actionValue: action');
    return tf.tidy(() => {
      const states = this.seen.tensor();
      return this.smallest(
        this.flow.at(states).logShape(tensorOf(unsquashed, [1, this.actions.size])),
        states,
      );
    });
  }

  /**
   * log pi(a | s) in nats, of the action scaled to (-1, 1)^d: (actionValue - softValue) / temperature. Clips
   * actions as `actionValue` does.
   */
  logProb(observation: unknown, action: BoxArray): number {
    this.seen.read(observation, 'logProb: observation');
    const unsquashed = this.unsquashed(action, 'logProb: action');
    return tf.tidy(() => {
      const policy = this.flow.at(this.seen.tensor());
      const shape = policy.logShape(tensorOf(unsquashed, [1, this.actions.size]));
      return readScalar(tf.sub(shape, policy.logNormalizer()));
    });
  }

  describePolicy(): PolicyDescription {
    return this.describe(this.flow.describe());
  }

  /** Throws DivergenceError, before anything has changed, if the loss is not finite. */
  protected gradientStep(): StepMetrics {
    const { observations, actions, ...outcome } = this.experience.sample(this.streams.replay);
    const { targets, logStd } = this.bootstrap(outcome);
    const { loss, gradients } = lossAndGradients(() => {
      const shape = this.flow.at(observations).logShape(actions);
      const shifts = this.shifts.apply(observations);
      return flowLoss(shiftedValues(shape, shifts, this.config.temperature), targets);
    }, this.variables);
    const found = readScalar(loss);
    if (!Number.isFinite(found)) throw diverged(`meow: the loss of a gradient step is ${found}`);
    this.optimizer.step(gradients);
    const { targetRate, temperature } = this.config;
    polyakStep(this.targetPrior.network.parameters, this.flow.priorParameters, targetRate);
    polyakStep(this.targetShifts.parameters, this.shifts.parameters, targetRate);
    const meanTarget: tf.Scalar = tf.mean(targets);
    return { criticLoss: loss, meanTarget: this.inRewardUnits(meanTarget), logStd, temperature };
  }

  /** y of each row, and the mean log standard deviation of the target's prior. */
  private bootstrap({
    rewards,
    nextObservations,
    continues,
  }: Omit<TransitionBatch, 'observations' | 'actions'>) {
    const { temperature, discount } = this.config;
    const prior = this.targetPrior.at(nextObservations);
    const shifts = this.targetShifts.apply(nextObservations);
    const values = shiftedValues(prior.logNormalizer(), shifts, temperature);
    return { targets: flowTarget({ values, rewards, continues, discount }), logStd: prior.meanLogStd() };
  }

  private get variables(): readonly tf.Variable[] {
    return [...this.flow.variables, this.shifts.parameters];
  }

  private smallest(logTerm: tf.Tensor1D, states: tf.Tensor2D): number {
    return readScalar(tf.min(shiftedValues(logTerm, this.shifts.apply(states), this.config.temperature)));
  }

  private unsquashed(action: BoxArray, door: string): Float32Array {
    const out = new Float32Array(this.actions.size);
    this.actions.encode(action, out, door);
    return out;
  }
}
