import { readTensor, tensorOf, withoutGradient } from '@maxent/backend';
import { isFloat32Array, type Rng, type Snapshot, SnapshotMismatchError } from '@maxent/core';
import { Adam, lecunNormal, lossAndGradients, type MlpEnsemble, NormalizedMlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import { inScope } from '../in-scope.js';
import { type AgentPart, joinParts, mergeParts } from '../learner/agent-parts.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import type { TransitionBatch } from '../learner/transition-replay.js';
import { scheduleOf } from '../learning-rate-fields.js';
import { actorLoss, bellmanTarget, criticLoss } from '../sac/losses.js';
import { Temperature } from '../temperature.js';
import type { CrossQConfig } from './config.js';
import { NormalizedGaussianPolicy } from './normalized-gaussian-policy.js';

export interface NormalizedActorCriticOptions {
  /** Entries of a flat observation. */
  readonly observationSize: number;
  /** Coordinates of an action, d. */
  readonly actionSize: number;
  /** In nats. */
  readonly targetEntropy: number;
  readonly config: CrossQConfig;
  /** Initial weights come from streams split off from it. */
  readonly rng: Rng;
}

/** The networks of CrossQ, their optimizers, and the two updates of its gradient step. All of them run in a tidy. */
export class NormalizedActorCritic implements AgentPart {
  private readonly actor: NormalizedGaussianPolicy;
  private readonly critics: NormalizedMlpEnsemble;
  /** The critics as the actor's update sees them: evaluated, and constant. */
  private readonly frozenCritics: MlpEnsemble;
  private readonly temperature: Temperature;
  private readonly actorOptimizer: Adam;
  private readonly criticOptimizer: Adam;
  private readonly discount: number;
  private readonly lastActorUpdate = new LastActorUpdate();
  private readonly parts: Required<AgentPart>;

  constructor({ observationSize, actionSize, targetEntropy, config, rng }: NormalizedActorCriticOptions) {
    const { hiddenSizes, criticHiddenSizes, criticCount, renormalizeAfter, beta1, policyDelay } = config;
    const schedule = scheduleOf(config);
    // Actor and temperature take one step in `policyDelay` gradient steps.
    const delayed = { ...schedule, steps: schedule.steps / policyDelay };
    this.discount = config.discount;
    this.actor = new NormalizedGaussianPolicy({
      observationSize,
      actionSize,
      hiddenSizes,
      renormalizeAfter,
      rng: rng.split('actor'),
    });
    this.critics = new NormalizedMlpEnsemble({
      members: criticCount,
      inputSize: observationSize + actionSize,
      hiddenSizes: criticHiddenSizes,
      outputSize: 1,
      initializer: lecunNormal(),
      renormalizeAfter,
      rng: rng.split('critics'),
    });
    this.frozenCritics = this.critics.createFolded();
    this.temperature = new Temperature({ ...config, schedule: delayed }, targetEntropy, 'crossq');
    this.actorOptimizer = new Adam(this.actor.variables, {
      learningRate: config.actorLearningRate,
      beta1,
      schedule: delayed,
    });
    this.criticOptimizer = new Adam([this.critics.parameters], {
      learningRate: config.criticLearningRate,
      beta1,
      schedule,
    });
    this.parts = mergeParts([
      joinParts('crossq', {
        actor: this.actor,
        critics: this.critics,
        actorOptimizer: this.actorOptimizer,
        criticOptimizer: this.criticOptimizer,
      }),
      this.temperature,
      this.lastActorUpdate,
    ]);
  }

  act(observations: tf.Tensor2D, rng: Rng | undefined): Float32Array {
    const policy = this.actor.at(observations);
    return readTensor(rng === undefined ? policy.mode() : policy.sample(rng).action);
  }

  /** Q_i(s, a) by the running statistics, [critics, B, 1]. */
  values(observations: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor {
    this.critics.foldInto(this.frozenCritics);
    return this.frozenCritics.apply([observations, actions]);
  }

  /**
   * One step of the critics on the soft Bellman error. A single pass over the 2 B rows of (s, a) and (s', a') gives both
   * sides of the equation, so that both are normalized by the same statistics, which cover both distributions of actions
   * (section 4.1 of Bhatt et al. 2024). There are no target networks. The target is a constant, but the rows of (s', a')
   * have a gradient all the same: they are part of the statistics.
   */
  updateCritics(
    { observations, actions, rewards, nextObservations, continues }: TransitionBatch,
    noise: Rng,
  ): StepMetrics {
    const { critics, discount } = this;
    const temperature = this.temperature.current();
    const next = this.actor.at(nextObservations).sample(noise);
    const jointObservations = tf.concat([observations, nextObservations]);
    const jointActions = tf.concat([actions, next.action]);
    let meanTarget: tf.Scalar | undefined;
    const { loss, gradients } = lossAndGradients(() => {
      const values = critics.train([jointObservations, jointActions]);
      const [present, future] = tf.split(values, 2, 1) as [tf.Tensor3D, tf.Tensor3D];
      const target = withoutGradient(() =>
        bellmanTarget({ values: future, logProb: next.logRatio, temperature, rewards, continues, discount }),
      ) as tf.Tensor1D;
      meanTarget = tf.keep(withoutGradient(() => tf.mean(target)) as tf.Scalar);
      return criticLoss(present, target);
    }, [critics.parameters]);
    this.criticOptimizer.step(gradients);
    return { criticLoss: loss, meanTarget: inScope(meanTarget!), temperature };
  }

  /**
   * One step of the actor, whose network normalizes by the batch's statistics, toward what the critics, which are
   * evaluated by their running statistics, say of these states; then one step of the temperature toward the value at which
   * the policy has its target entropy. The actor's loss has the temperature from before.
   */
  updateActor(observations: tf.Tensor2D, noise: Rng): void {
    const { actor, critics, frozenCritics } = this;
    const temperature = this.temperature.current();
    critics.foldInto(frozenCritics);
    let entropy: tf.Scalar | undefined;
    const { loss, gradients } = lossAndGradients(() => {
      const { action, logRatio } = actor.train(observations).sample(noise);
      const values = frozenCritics.apply([observations, action]);
      const objective = actorLoss({ values, logProb: logRatio, temperature });
      entropy = tf.keep(objective.entropy);
      return objective.loss;
    }, actor.variables);
    this.actorOptimizer.step(gradients);
    actor.settle();
    this.temperature.learn(entropy!);
    this.lastActorUpdate.set(loss, inScope(entropy!));
  }

  /** What the last update of the actor found; functions that read it. */
  actorMetrics(): StepMetrics {
    return {
      actorLoss: () => this.lastActorUpdate.read().actorLoss,
      entropy: () => this.lastActorUpdate.read().entropy,
    };
  }

  describeActor(part: string): DescribedActor {
    return this.actor.describe(part);
  }

  save(): Snapshot {
    return this.parts.save();
  }

  /** Throws SnapshotMismatchError for a part that does not fit; the parts before it have then already been loaded. */
  load(snapshot: Snapshot): void {
    this.parts.load(snapshot);
  }

  dispose(): void {
    this.parts.dispose();
    this.frozenCritics.dispose();
  }
}

/**
 * The loss and the entropy of the last update of the actor. The updates until the next one report them again, also after
 * a resume, so a snapshot holds them.
 */
class LastActorUpdate implements AgentPart {
  private readonly values = tf.tidy(() => tf.variable(tensorOf<tf.Rank.R1>([0, 0], [2]), false));

  set(actorLoss: tf.Scalar, entropy: tf.Scalar): void {
    this.values.assign(tf.stack([actorLoss, entropy]) as tf.Tensor1D);
  }

  read(): { readonly actorLoss: number; readonly entropy: number } {
    const [actorLoss, entropy] = readTensor(this.values) as unknown as [number, number];
    return { actorLoss, entropy };
  }

  save(): Snapshot {
    return { arrays: { lastActorUpdate: { shape: [2], data: readTensor(this.values) } }, metadata: {} };
  }

  load({ arrays }: Snapshot): void {
    const data = arrays.lastActorUpdate?.data;
    if (!isFloat32Array(data) || data.length !== 2) {
      throw new SnapshotMismatchError('crossq: the snapshot has no two float32 numbers "lastActorUpdate"');
    }
    tf.tidy(() => this.values.assign(tf.tensor1d(data.slice())));
  }

  dispose(): void {
    this.values.dispose();
  }
}
