import {
  ActionScaling,
  type AgentPart,
  describeNetworks,
  joinParts,
  Learner,
  networkPart,
  normalizationFields,
  requireTrainingMemory,
  type StepMetrics,
  TransitionReplay,
  updateScheduleFields,
} from '@maxent/agents';
import { polyakStep, readTensor } from '@maxent/backend';
import {
  type ActOptions,
  type AgentContext,
  type BoxArray,
  defineAgent,
  type PolicyDescription,
} from '@maxent/core';
import { DiagonalNormal, TanhNormal } from '@maxent/distributions';
import { Adam, lossAndGradients, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';

const NAME = 'soft-naf';
/** Log standard deviations are clamped to this range, here and in the policy file. */
const [MINIMUM_LOG_STD, MAXIMUM_LOG_STD] = [-3, 2];

const config = z.object({
  hiddenSizes: z
    .array(z.int().positive())
    .min(1)
    .default([64, 64])
    .describe('widths of the hidden layers of both networks'),
  batchSize: z.int().positive().default(128).describe('transitions per gradient step'),
  learningRate: z.number().positive().default(1e-3).describe('step size of Adam'),
  discount: z.number().min(0).lt(1).default(0.95).describe('discount factor of future reward and entropy'),
  temperature: z.number().positive().default(0.1).describe('weight of entropy relative to reward'),
  targetRate: z
    .number()
    .positive()
    .max(1)
    .default(0.01)
    .describe(
      'fraction of the way that the target network moves toward the value network after each gradient step',
    ),
  replayCapacity: z.int().positive().default(100_000).describe('number of transitions kept for replay'),
  maxGradientNorm: z
    .number()
    .positive()
    .nullable()
    .default(10)
    .describe('norm above which the gradient is scaled down; null for no limit'),
  ...updateScheduleFields,
  ...normalizationFields,
});

export type SoftNafConfig = z.output<typeof config>;

/**
 * Q-learning with normalized advantage functions (Gu et al. 2016, arXiv 1603.00748), with the soft backup of
 * maximum-entropy learning. On actions scaled to [-1, 1], Q is quadratic in the action, so the policy exp(Q /
 * temperature) is Gaussian and the soft value is known without sampling:
 *
 *   Q(s, a) = V(s) + temperature log N(a; tanh(m(s)), std(s)),   V(s) = temperature log integral exp(Q(s, a) / temperature) da.
 *
 * Each gradient step draws a minibatch and lowers the mean of (Q(s, a) - y)^2 / 2, y = r + discount V_target(s'), over
 * the parameters of V, m and std at once; V_target is a Polyak average, and 0 if the episode terminated.
 *
 * It acts by tanh(m + std noise), which agrees with that Gaussian to first order and stays within the bounds.
 */
export class SoftNaf extends Learner<BoxArray, 'exploration' | 'replay'> {
  protected readonly learned: AgentPart;
  protected readonly experience: TransitionReplay;
  private readonly policy: Mlp;
  private readonly value: Mlp;
  private readonly target: Mlp;
  private readonly optimizer: Adam;

  /** Throws SpaceMismatchError unless actions are a Box with finite bounds. */
  constructor(
    context: AgentContext,
    private readonly config: SoftNafConfig,
  ) {
    const actions = ActionScaling.of(context.actionSpace, NAME);
    super(context, { name: NAME, streams: ['exploration', 'replay'], actions, config, schedule: config });
    const { hiddenSizes, batchSize, learningRate, maxGradientNorm, replayCapacity: capacity } = config;
    const observationSize = context.observationSpace.flatSize;
    requireTrainingMemory({
      inputSize: observationSize,
      widths: { hiddenSizes },
      counts: { batchSize },
    });
    const sizes = { observationSize, actionSize: actions.size, capacity, batchSize };
    this.experience = new TransitionReplay({ ...sizes, ...this.view });

    const inputs = { inputSize: observationSize, hiddenSizes };
    this.policy = new Mlp({ ...inputs, outputSize: 2 * actions.size, rng: context.rng.split('policy') });
    this.value = new Mlp({ ...inputs, outputSize: 1, rng: context.rng.split('value') });
    this.target = this.value.createTarget();
    this.optimizer = new Adam([this.policy.parameters, this.value.parameters], {
      learningRate,
      maxGradientNorm,
    });
    this.learned = joinParts(NAME, {
      policy: networkPart(this.policy),
      value: networkPart(this.value),
      target: networkPart(this.target),
      optimizer: this.optimizer,
    });
  }

  /**
   * Uniformly random for the first `learningStarts` steps, then a draw from the policy; tanh(m) if deterministic. With
   * `rng`, always a draw from the policy.
   */
  act(observation: unknown, options: ActOptions): BoxArray {
    return this.choose(observation, options, (observations, rng) => {
      const policy = this.policyAt(observations);
      return readTensor(rng === undefined ? policy.mode() : policy.sample(rng));
    });
  }

  describePolicy(): PolicyDescription {
    const { networks, tensors } = describeNetworks('policy', this.policy);
    return this.describe({
      layers: networks[0]!,
      head: {
        type: 'squashed-gaussian',
        minimumLogStd: MINIMUM_LOG_STD,
        maximumLogStd: MAXIMUM_LOG_STD,
      },
      tensors,
    });
  }

  protected gradientStep(): StepMetrics {
    const { discount, temperature, targetRate } = this.config;
    const { observations, actions, rewards, continues, nextObservations } = this.experience.sample(
      this.streams.replay,
    );
    const nextValues = valuesAt(this.target, nextObservations);
    const targets = tf.add(rewards, tf.mul(tf.mul(continues, discount), nextValues));

    const { loss, gradients } = lossAndGradients(() => {
      const advantages = tf.mul(this.gaussianAt(observations).logProb(actions), temperature);
      const values = tf.add(valuesAt(this.value, observations), advantages);
      return tf.div(tf.mean(tf.squaredDifference(values, targets)), 2);
    }, [this.policy.parameters, this.value.parameters]);
    this.optimizer.step(gradients);
    polyakStep(this.target.parameters, this.value.parameters, targetRate);
    return { loss, meanTarget: tf.mean(targets) };
  }

  private policyAt(observations: tf.Tensor2D): TanhNormal {
    return new TanhNormal({
      head: this.policy.apply(observations),
      minimumLogStd: MINIMUM_LOG_STD,
      maximumLogStd: MAXIMUM_LOG_STD,
    });
  }

  /** N(tanh(m), std) at each row. */
  private gaussianAt(observations: tf.Tensor2D): DiagonalNormal {
    const [mean, logStd] = tf.split(this.policy.apply(observations), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalNormal({
      mean: tf.tanh(mean),
      logStd: tf.clipByValue(logStd, MINIMUM_LOG_STD, MAXIMUM_LOG_STD),
    });
  }
}

/** V(s) of each row, [B]. */
function valuesAt(network: Mlp, observations: tf.Tensor2D): tf.Tensor1D {
  return tf.squeeze(network.apply(observations), [1]);
}

export const softNaf = defineAgent({
  name: NAME,
  description: 'Soft Q-learning with normalized advantage functions, for bounded continuous actions',
  config,
  presets: {
    'Hover-v0': { hiddenSizes: [32, 32], discount: 0.9, temperature: 0.3, learningStarts: 500 },
  },
  severalEnvironments: true,
  metrics: {
    loss: 'Half the squared error of Q(s, a) against the Bellman target: batch mean.',
    meanTarget: "Batch mean of the Bellman target, r + discount V(s').",
  },
  create: (context, given) => new SoftNaf(context, given),
});
