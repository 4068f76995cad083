import {
  ActionScaling,
  ActorCritic,
  GaussianPolicy,
  requireCounter,
  requirePart,
  requireTrainingMemory,
  type StepExperience,
} from '@maxent/agents';
import { fillTensor, readTensor, tensorOf } from '@maxent/backend';
import {
  type ActOptions,
  type AdaptOptions,
  type AgentContext,
  type BoxArray,
  encodeValue,
  InvalidInputError,
  isFloat32Array,
  joinSnapshots,
  type MetaAgent,
  type Metrics,
  type PolicyDescription,
  Rng,
  requireForm,
  requireSpace,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  showStored,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import { Adam } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { PearlAdaptation } from './adaptation.js';
import { Collection } from './collection.js';
import type { PearlConfig } from './config.js';
import { AttentionEncoder } from './encoders/attention-encoder.js';
import type { ContextEncoder } from './encoders/context-encoder.js';
import { ProductEncoder } from './encoders/product-encoder.js';
import { contextColumns, drawBatch, drawContexts } from './task-batches.js';
import { TaskConditions } from './task-conditions.js';
import {
  contextRowSize,
  type ReplayColumn,
  requireTaskReplayMemory,
  TaskReplay,
  type TaskReplayOptions,
} from './task-replay.js';
import { appendTasks, InferredTasks } from './task-states.js';

/** The agent's, for messages. */
const NAME = 'pearl';

const STREAMS = ['collection', 'latent', 'exploration', 'replay', 'noise'] as const;

/**
 * PEARL (Rakelly, Zhou, Quillen, Finn and Levine 2019, "Efficient Off-Policy Meta-Reinforcement Learning via
 * Probabilistic Context Variables", arXiv 1903.08254, algorithms 1 and 2): soft actor-critic whose policy and critics
 * see, beside the state, a latent task z drawn from q(z | context). The encoder q learns from the critics' Bellman error
 * and the divergence from N(0, I); actor, value network and temperature see z as a constant.
 *
 * By default it is modern soft actor-critic, twin target critics and a learnt temperature; with `valueNetwork`,
 * `temperature` 1 and a `rewardScale` it is the form of the paper. Gradient steps are spread evenly over the environment
 * steps of an iteration, where the paper collects first, so that a run can stop and resume anywhere.
 *
 * With `taskInput` "told" z is the descriptor of the task, and with "none" there is no z: the bounds from above and
 * below of what inference can do, with everything else as it is.
 */
export class Pearl implements MetaAgent<unknown, BoxArray> {
  private readonly observationSpace: Space<unknown>;
  private readonly actionSpace: Space<unknown>;
  private readonly coordinates: ActionScaling;
  private readonly learner: ActorCritic;
  private readonly conditions: TaskConditions;
  private readonly encoderOptimizer: Adam | undefined;
  private readonly replayOptions: TaskReplayOptions;
  private readonly columns: readonly ReplayColumn[];
  private readonly tasks: readonly TaskReplay[];
  private readonly collection: Collection;
  private rngs: Record<(typeof STREAMS)[number], Rng>;
  /** What this episode is acted upon. */
  private latent: Float32Array;
  /** Coordinates of the action that this episode holds, while initial steps do so. */
  private held: Float32Array;
  /** Whether the episode that was begun has no step yet. */
  private fresh = false;
  /** Steps observed after the initial ones. */
  private counted = 0;
  private gradientSteps = 0;

  /** Throws InvalidInputError without train tasks, SpaceMismatchError unless actions are a bounded Box. */
  constructor(
    { observationSpace, actionSpace, rng, tasks }: AgentContext,
    private readonly config: PearlConfig,
  ) {
    if (tasks === undefined || tasks.length === 0) {
      throw new InvalidInputError(
        '--family',
        'pearl learns over a family of tasks: name one, such as PointRobot',
      );
    }
    const { hiddenSizes, nextObservationInContext, contextReward, replayCapacity } = config;
    requireSpace('observationSpace', observationSpace);
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.coordinates = ActionScaling.of(actionSpace, NAME);
    this.replayOptions = {
      observationSpace,
      coordinates: this.coordinates,
      capacity: replayCapacity,
      nextObservationInContext,
      contextReward: config.taskInput === 'inferred' ? contextReward : null,
    };
    this.columns = contextColumns(nextObservationInContext);
    const { metaBatchSize, batchSize, contextSize, criticCount, encoderHiddenSizes } = config;
    requireTrainingMemory({
      inputSize: observationSpace.flatSize + this.coordinates.size + config.latentSize,
      widths: { hiddenSizes },
      counts: { metaBatchSize, batchSize, criticCount },
    });
    requireTrainingMemory({
      inputSize: contextRowSize(this.replayOptions),
      widths: { encoderHiddenSizes, latentSize: [config.latentSize] },
      counts: { metaBatchSize, contextSize },
    });
    requireTaskReplayMemory(this.replayOptions, tasks.length);
    this.tasks = tasks.map(() => new TaskReplay(this.replayOptions));
    this.collection = new Collection(config, tasks.length);
    this.conditions = new TaskConditions({
      input: config.taskInput,
      latentSize: config.latentSize,
      descriptors: tasks,
      encoder: config.taskInput === 'inferred' ? this.makeEncoder(rng.split('encoder')) : undefined,
    });
    this.latent = new Float32Array(this.conditions.size);
    this.held = new Float32Array(this.coordinates.size);
    const { encoder } = this.conditions;
    this.encoderOptimizer =
      encoder && new Adam(encoder.variables, { learningRate: config.encoderLearningRate });
    this.learner = new ActorCritic({
      stateSize: observationSpace.flatSize + this.conditions.size,
      design: {
        name: NAME,
        coordinates: this.coordinates,
        makePolicy: (options) =>
          new GaussianPolicy({ ...options, hiddenSizes, regularization: config.policyRegularization }),
      },
      config,
      rng,
    });
    this.rngs = mapStreams((name) => rng.split(name));
  }

  /** Asked again before anything was observed, it gives the same answer and changes nothing. */
  beginEpisode(): number {
    if (this.fresh) return this.collection.current.task;
    this.fresh = true;
    const before = this.collection.current;
    const { task, phase, visitStarts } = this.collection.next(this.rngs.collection);
    // Extra steps are none of the context, and a visit that ends has all of it.
    if (before.task >= 0 && (visitStarts || phase === 'extra')) this.completeContext(before);
    const replay = this.tasks[task]!;
    if (visitStarts) replay.beginVisit();
    if (this.holdsActions) this.coordinates.drawFromPrior(this.rngs.exploration, this.held);
    this.latent =
      phase === 'initial' || phase === 'prior'
        ? this.conditions.fromPrior(task, this.rngs.latent)
        : this.conditions.fromContext(task, this.visitContext(replay, phase === 'extra'), this.rngs.latent);
    return task;
  }

  act(observation: unknown, { deterministic, rng }: ActOptions): BoxArray {
    requireForm(this.observationSpace, observation, 'act: observation');
    if (!deterministic && rng === undefined && this.holdsActions) return this.coordinates.decode(this.held);
    return this.actUpon(observation, this.latent, deterministic ? undefined : (rng ?? this.rngs.exploration));
  }

  observe(transition: Transition<unknown, BoxArray>): void {
    this.tasks[this.collection.current.task]!.append(transition);
    this.fresh = false;
    this.collection.countStep();
    if (this.collection.pastInitial) this.counted += 1;
  }

  update(): UpdateResult {
    const due = this.gradientStepsDue(this.counted) - this.gradientSteps;
    for (let i = 0; i < due; i++) this.gradientStep();
    this.gradientSteps += due;
    return { gradientSteps: due, metrics: () => this.metrics() };
  }

  /** After so many steps past the initial ones. */
  private gradientStepsDue(counted: number): number {
    const { tasksPerIteration, priorSteps, posteriorSteps, extraSteps, updatesPerIteration } = this.config;
    const iteration = tasksPerIteration * (priorSteps + posteriorSteps + extraSteps);
    return Math.floor((counted * updatesPerIteration) / iteration);
  }

  adapt({ descriptor, rng }: AdaptOptions): PearlAdaptation {
    return new PearlAdaptation({
      conditions: this.conditions,
      context: this.replayOptions,
      descriptor,
      rng,
      act: (observation, latent, actionRng) => this.actUpon(observation, latent, actionRng),
    });
  }

  save(): Snapshot {
    const replays = this.tasks.map(({ log }, k) => [
      `task-${k}`,
      { arrays: {}, rows: { replay: log }, metadata: {} },
    ]);
    return joinSnapshots({
      ...this.saveNetworks(),
      ...Object.fromEntries(replays),
      pearl: {
        arrays: {
          latent: { shape: [this.latent.length], data: this.latent },
          held: { shape: [this.held.length], data: this.held },
        },
        metadata: {
          collection: this.collection.save(),
          contexts: this.tasks.map((task) => task.save()),
          rngs: mapStreams((name) => this.rngs[name].state()),
          fresh: this.fresh,
          counted: this.counted,
          gradientSteps: this.gradientSteps,
        },
      },
    });
  }

  load(snapshot: Snapshot): void {
    const { arrays, metadata } = requirePart(snapshot, 'pearl', NAME);
    const { collection, contexts, rngs, fresh } = metadata;
    const counted = requireCounter({ arrays, metadata }, 'counted', NAME);
    const gradientSteps = requireCounter({ arrays, metadata }, 'gradientSteps', NAME);
    // At most those of one step are due: others would be taken all at once.
    const due = this.gradientStepsDue(counted) - gradientSteps;
    if (due < 0 || due > this.config.updatesPerIteration) {
      throw new SnapshotMismatchError(
        `pearl: ${gradientSteps} gradient steps do not fit ${counted} steps of the environment`,
      );
    }
    if (typeof fresh !== 'boolean') {
      throw new SnapshotMismatchError(`pearl: fresh must be a boolean, got ${showStored(fresh)}`);
    }
    const [latent, held] = [arrays.latent?.data, arrays.held?.data];
    if (!isFloat32Array(latent) || latent.length !== this.conditions.size) {
      throw new SnapshotMismatchError(`pearl: the snapshot has no latent of ${this.conditions.size} numbers`);
    }
    if (!isFloat32Array(held) || held.length !== this.held.length) {
      throw new SnapshotMismatchError(`pearl: the snapshot's actions have not ${this.held.length} entries`);
    }
    if (!Array.isArray(contexts) || contexts.length !== this.tasks.length) {
      throw new SnapshotMismatchError(
        `pearl: the snapshot is not one of a run with ${this.tasks.length} train tasks`,
      );
    }
    const streams = readStreams(rngs);
    const saved = this.tasks.map((task, k) =>
      task.requireFit(requirePart(snapshot, `task-${k}`, NAME).rows, contexts[k]),
    );
    const before = joinSnapshots(this.saveNetworks());
    try {
      this.loadNetworks(snapshot);
      this.collection.load(collection);
    } catch (error) {
      this.loadNetworks(before);
      throw error;
    }
    for (const [k, task] of this.tasks.entries()) task.load(saved[k]!);
    this.learner.forgetMetrics();
    Object.assign(this, {
      rngs: streams,
      latent: latent.slice(),
      held: held.slice(),
      fresh,
      counted,
      gradientSteps,
    });
  }

  describePolicy(): PolicyDescription {
    const { observationSpace, actionSpace, conditions, learner, replayOptions } = this;
    const { layers, head, tensors } = learner.describeActor('learner/actor');
    const encoder = conditions.encoder?.describe('encoder');
    const { nextObservationInContext: nextObservation, contextReward: reward } = replayOptions;
    return {
      agent: NAME,
      observationSpace,
      actionSpace,
      layers,
      head,
      ...(conditions.size > 0 && {
        task: {
          size: conditions.size,
          inferred: encoder === undefined ? null : { encoder: encoder.encoder, nextObservation, reward },
        },
      }),
      tensors: { ...tensors, ...encoder?.tensors },
    };
  }

  dispose(): void {
    this.learner.dispose();
    this.encoderOptimizer?.dispose();
    this.conditions.dispose();
  }

  private saveNetworks(): Record<string, Snapshot> {
    const { encoder } = this.conditions;
    return {
      learner: this.learner.save(),
      ...(encoder && { encoder: encoder.save(), encoderOptimizer: this.encoderOptimizer!.save() }),
    };
  }

  private loadNetworks(snapshot: Snapshot): void {
    this.learner.load(requirePart(snapshot, 'learner', NAME));
    this.conditions.encoder?.load(requirePart(snapshot, 'encoder', NAME));
    this.encoderOptimizer?.load(requirePart(snapshot, 'encoderOptimizer', NAME));
  }

  private get holdsActions(): boolean {
    return this.config.initialActions === 'held' && !this.collection.pastInitial;
  }

  private makeEncoder(rng: Rng): ContextEncoder {
    const { encoder, encoderHiddenSizes: hiddenSizes, latentSize, includePrior } = this.config;
    const options = { rowSize: contextRowSize(this.replayOptions), hiddenSizes, latentSize, rng };
    return encoder === 'product'
      ? new ProductEncoder({ ...options, includePrior })
      : new AttentionEncoder(options);
  }

  private completeContext({ task, phase }: Collection['current']): void {
    if (phase !== 'extra') this.tasks[task]!.completeContext();
  }

  /** At most `contextSize` rows of the context of the visit that goes on. */
  private visitContext(replay: TaskReplay, complete: boolean): () => tf.Tensor3D {
    const source = complete ? 'recent' : 'visit';
    const rows = Math.min(replay.contextRows(source), this.config.contextSize);
    return () => drawContexts([replay], rows, source, this.columns, this.rngs.latent);
  }

  private gradientStep(): void {
    this.learner.step(() => {
      const { metaBatchSize } = this.config;
      const chosen = Array.from({ length: metaBatchSize }, () => this.rngs.replay.integer(this.tasks.length));
      return this.conditions.encoder === undefined ? this.told(chosen) : this.inferred(chosen);
    }, this.rngs.noise);
  }

  /** Experience of these tasks, with the task that it is of inferred from the context of each. */
  private inferred(chosen: readonly number[]): StepExperience {
    const { batchSize, rewardScale, contextSize, contextSource, klWeight, latentSize } = this.config;
    const { replay, noise } = this.rngs;
    const tasks = chosen.map((task) => this.tasks[task]!);
    return {
      completion: new InferredTasks({
        encoder: this.conditions.encoder!,
        optimizer: this.encoderOptimizer!,
        latentSize,
        klWeight,
        context: drawContexts(tasks, contextSize, contextSource, this.columns, replay),
        noise,
      }),
      batch: drawBatch(tasks, batchSize, rewardScale, replay),
    };
  }

  /** Experience of these tasks with their descriptors, or with nothing for a blind agent. */
  private told(chosen: readonly number[]): StepExperience {
    const { batchSize, rewardScale } = this.config;
    const { size } = this.conditions;
    const tasks = chosen.map((task) => this.tasks[task]!);
    const batch = drawBatch(tasks, batchSize, rewardScale, this.rngs.replay);
    if (size === 0) return { batch };
    const latents = tensorOf<tf.Rank.R2>(this.conditions.told(chosen), [chosen.length, size]);
    return {
      batch: {
        ...batch,
        observations: appendTasks(batch.observations, latents),
        nextObservations: appendTasks(batch.nextObservations, latents),
      },
    };
  }

  private metrics(): Metrics {
    const { penalty, ...metrics } = this.learner.metrics();
    const { klWeight, metaBatchSize } = this.config;
    if (penalty === undefined || klWeight === 0) return metrics;
    // Per task, in nats.
    return { ...metrics, klFromPrior: penalty / (klWeight / 2) / metaBatchSize };
  }

  /** The policy's mode without an `rng`. */
  private actUpon(observation: unknown, latent: Float32Array, rng: Rng | undefined): BoxArray {
    const { observationSpace } = this;
    const { flatSize } = observationSpace;
    const action = tf.tidy(() => {
      const state = fillTensor<tf.Rank.R2>([1, flatSize + latent.length], (array) => {
        encodeValue(observationSpace, observation, array, 'act: observation');
        array.set(latent, flatSize);
      });
      const policy = this.learner.actor.at(state);
      return rng === undefined ? policy.mode() : policy.sample(rng).action;
    });
    const coordinates = readTensor(action);
    action.dispose();
    return this.coordinates.decode(coordinates);
  }
}

function mapStreams<T>(value: (name: (typeof STREAMS)[number]) => T): Record<(typeof STREAMS)[number], T> {
  return Object.fromEntries(STREAMS.map((name) => [name, value(name)])) as Record<
    (typeof STREAMS)[number],
    T
  >;
}

function readStreams(states: unknown): Record<(typeof STREAMS)[number], Rng> {
  try {
    return mapStreams((name) => Rng.fromState((states as Record<string, unknown>)[name]));
  } catch (cause) {
    throw new SnapshotMismatchError('pearl: the snapshot has no random streams', { cause });
  }
}
