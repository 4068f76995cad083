import { readTensor } from '@maxent/backend';
import type {
  ActOptions,
  Agent,
  AgentContext,
  BoxArray,
  PolicyDescription,
  Rng,
  Snapshot,
  Space,
  Transition,
  UpdateResult,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { type ActionCoordinates, drawAction } from '../action-coordinates.js';
import { ActionScaling } from '../action-scaling.js';
import { ContinuousReplay } from '../continuous-replay.js';
import { ObservationRow } from '../observation-row.js';
import { requireCounter, requireReplay, requireStream } from '../snapshot-parts.js';
import { requireTrainingMemory } from '../training-memory.js';
import { gradientStepsDue } from '../update-schedule.js';
import { ActorCritic } from './actor-critic.js';
import type { SoftActorCriticConfig } from './config.js';
import { GaussianPolicy } from './gaussian-policy.js';
import type { ActorDesign } from './trainable-policy.js';

/**
 * Soft actor-critic with automatic temperature (Haarnoja et al. 2018, arXiv 1812.05905, algorithm 1): an
 * actor, by default a tanh-Gaussian one, critics (two of them by default) initialised independently and their Polyak-averaged targets.
 * Each gradient step updates, in this order, critics, actor, temperature, targets; all use the temperature from before
 * the step.
 *
 * With `valueNetwork` it is the algorithm's first version (arXiv 1801.01290, algorithm 1): the critics bootstrap from
 * the Polyak average of a state-value network, which each gradient step updates first.
 *
 * Observations of any space are flattened; by default actions must be a bounded Box and are scaled to [-1, 1]. Another
 * `design` brings its own policy, coordinates of actions and prior, relative to which entropy is then meant.
 */
export class SoftActorCritic implements Agent<unknown, BoxArray> {
  private readonly seen: ObservationRow;
  private readonly spaces: Pick<AgentContext, 'observationSpace' | 'actionSpace'>;
  private readonly name: string;
  private readonly coordinates: ActionCoordinates;
  private readonly learner: ActorCritic;
  private readonly replay: ContinuousReplay;
  private explorationRng: Rng;
  private replayRng: Rng;
  private noiseRng: Rng;
  private observed = 0;

  constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    private readonly config: SoftActorCriticConfig,
    design: ActorDesign = gaussianDesign(actionSpace, config),
  ) {
    this.seen = new ObservationRow(observationSpace);
    this.spaces = { observationSpace, actionSpace };
    this.name = design.name;
    this.coordinates = design.coordinates;
    const { hiddenSizes, batchSize, criticCount } = config;
    requireTrainingMemory({
      inputSize: observationSpace.flatSize + this.coordinates.size,
      widths: { hiddenSizes },
      counts: { batchSize, criticCount },
    });
    this.replay = new ContinuousReplay({
      observationSpace,
      coordinates: this.coordinates,
      capacity: config.replayCapacity,
      batchSize: config.batchSize,
      rewardScale: config.rewardScale,
      discount: config.discount,
    });
    this.learner = new ActorCritic({ stateSize: observationSpace.flatSize, design, config, rng });
    this.explorationRng = rng.split('exploration');
    this.replayRng = rng.split('replay');
    this.noiseRng = rng.split('noise');
  }

  /**
   * A draw from the prior (uniform, by default) while `learningStarts` lasts, then a sample from the policy; its mode,
   * for a Gaussian tanh(mean), when deterministic. With `rng` given, always a sample from the policy.
   */
  act(observation: unknown, { deterministic, rng }: ActOptions): BoxArray {
    this.seen.read(observation, 'act: observation');
    if (!deterministic && rng === undefined && this.observed < this.config.learningStarts) {
      return drawAction(this.coordinates, this.explorationRng);
    }
    const action = tf.tidy(() => {
      const policy = this.learner.actor.at(this.seen.tensor());
      return deterministic ? policy.mode() : policy.sample(rng ?? this.explorationRng).action;
    });
    const coordinates = readTensor(action);
    action.dispose();
    return this.coordinates.decode(coordinates);
  }

  observe(transition: Transition<unknown, BoxArray>): void {
    this.replay.append(transition);
    this.observed += 1;
  }

  update(): UpdateResult {
    const due = gradientStepsDue(this.config, this.observed);
    for (let i = 0; i < due; i++) {
      this.learner.step(() => ({ batch: this.replay.sample(this.replayRng) }), this.noiseRng);
    }
    return { gradientSteps: due, metrics: () => this.learner.metrics() };
  }

  save(): Snapshot {
    const { arrays, metadata } = this.learner.save();
    return {
      arrays,
      rows: { replay: this.replay.log },
      metadata: {
        ...metadata,
        observed: this.observed,
        explorationRng: this.explorationRng.state(),
        replayRng: this.replayRng.state(),
        noiseRng: this.noiseRng.state(),
      },
    };
  }

  load(snapshot: Snapshot): void {
    const networksBefore = this.save();
    try {
      const observed = requireCounter(snapshot, 'observed', this.name);
      const explorationRng = requireStream(snapshot, 'explorationRng', this.name);
      const replayRng = requireStream(snapshot, 'replayRng', this.name);
      const noiseRng = requireStream(snapshot, 'noiseRng', this.name);
      const replay = requireReplay(snapshot, this.name);
      this.learner.load(snapshot);
      this.replay.log.load(replay);
      Object.assign(this, { observed, explorationRng, replayRng, noiseRng });
    } catch (error) {
      // A replay that does not fit is left as it was; networks loaded before it are put back.
      this.learner.load(networksBefore);
      throw error;
    }
    this.learner.forgetMetrics();
  }

  describePolicy(): PolicyDescription {
    return { agent: this.name, ...this.spaces, ...this.learner.describeActor('actor') };
  }

  dispose(): void {
    this.learner.dispose();
  }
}

function gaussianDesign(actionSpace: Space<unknown>, { hiddenSizes }: SoftActorCriticConfig): ActorDesign {
  return {
    name: 'sac',
    coordinates: ActionScaling.of(actionSpace, 'sac'),
    makePolicy: (options) => new GaussianPolicy({ ...options, hiddenSizes }),
  };
}
