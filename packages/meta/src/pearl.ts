import {
  type ActorCriticUpdates,
  type AgentPart,
  joinParts,
  Learner,
  mergeParts,
  requireTrainingMemory,
  type StepMetrics,
  type TransitionBatch,
  TransitionReader,
} from '@maxent/agents';
import { fillTensor } from '@maxent/backend';
import {
  type ActOptions,
  type AdaptOptions,
  type AgentContext,
  type BoxArray,
  InvalidInputError,
  isFloat32Array,
  type MetaAgent,
  type PolicyDescription,
  type Rng,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  showStored,
  type Transition,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { PearlAdaptation } from './adaptation.js';
import { Collection } from './collection.js';
import type { PearlConfig } from './config.js';
import { ContextRows } from './context-rows.js';
import { AttentionEncoder } from './encoders/attention-encoder.js';
import { ProductEncoder } from './encoders/product-encoder.js';
import { taskActions } from './task-actions.js';
import { TaskConditions } from './task-conditions.js';
import { TaskExperience } from './task-experience.js';
import { appendTasks, gradientByTasks, type InferredTasks, TaskInference } from './task-inference.js';

/** The agent's name, for messages. */
const NAME = 'pearl';

const STREAMS = ['collection', 'latent', 'exploration', 'replay', 'noise'] as const;

/**
 * PEARL (Rakelly, Zhou, Quillen, Finn and Levine 2019, "Efficient Off-Policy Meta-Reinforcement Learning via
 * Probabilistic Context Variables", arXiv 1903.08254, algorithms 1 and 2): soft actor-critic in which policy and
 * critics see the state and a latent task z drawn from q(z | context). The encoder q learns from the critics' Bellman
 * error and the divergence from N(0, I); actor, value network and temperature see z as a constant.
 *
 * By default it is modern soft actor-critic, with twin target critics and a learned temperature; with `valueNetwork`,
 * `temperature` 1 and a `rewardScale` it is the paper's form. On Discrete actions it is discrete soft actor-critic.
 * Gradient steps are spread evenly over the environment steps of an iteration, so that a run can stop and resume
 * anywhere; the paper collects first and then learns.
 *
 * With `taskInput` "told" z is the task descriptor, and with "none" there is no z: upper and lower bounds of what
 * inference can achieve, everything else being equal.
 */
export class Pearl<Action = BoxArray>
  extends Learner<Action, (typeof STREAMS)[number]>
  implements MetaAgent<unknown, Action>
{
  protected readonly learned: AgentPart;
  protected readonly experience: TaskExperience;
  private readonly actorCritic: ActorCriticUpdates;
  /** Defined exactly if tasks are inferred. */
  private readonly inference: TaskInference | undefined;
  private readonly conditions: TaskConditions;
  private readonly observationSpace: Space<unknown>;
  private readonly contextRows: ContextRows;
  private readonly collection: Collection;
  /** The latent that this episode acts on. */
  private latent: Float32Array;
  /** Coordinates of the action held for this episode, if initial episodes hold one. */
  private held: Float32Array;
  /** Whether the current episode has no step yet. */
  private fresh = false;

  /**
   * Throws InvalidInputError without train tasks, SpaceMismatchError unless actions are a bounded Box or Discrete.
   */
  constructor(
    context: AgentContext,
    private readonly config: PearlConfig,
  ) {
    const { observationSpace, actionSpace, rng, tasks } = context;
    if (tasks === undefined || tasks.length === 0) {
      throw new InvalidInputError(
        '--family',
        'pearl learns over a family of tasks: name one, such as PointRobot',
      );
    }
    const { coordinates, createActorCritic } = taskActions<Action>(actionSpace, NAME, config);
    super(context, { name: NAME, streams: STREAMS, actions: coordinates, config });
    this.observationSpace = observationSpace;
    const { taskInput: input, latentSize, replayCapacity: capacity } = config;
    const sizes = { observationSize: observationSpace.flatSize, actionSize: coordinates.size };
    this.contextRows = new ContextRows({
      ...sizes,
      nextObservation: config.nextObservationInContext,
      contextReward: input === 'inferred' ? config.contextReward : null,
      normalization: this.normalization,
    });
    this.requireMemory(sizes.observationSize + sizes.actionSize);
    this.collection = new Collection(config, tasks.length);
    this.experience = new TaskExperience({
      ...sizes,
      capacity,
      tasks: tasks.length,
      contextRows: this.contextRows,
      current: () => this.collection.current.task,
    });
    this.inference = input === 'inferred' ? this.makeInference(rng.split('encoder')) : undefined;
    const encoder = this.inference?.encoder;
    this.conditions = new TaskConditions({ input, latentSize, descriptors: tasks, encoder });
    this.latent = new Float32Array(this.conditions.size);
    this.held = new Float32Array(coordinates.size);
    this.actorCritic = createActorCritic({ stateSize: sizes.observationSize + this.conditions.size, rng });
    this.learned = this.makeParts();
  }

  /** Called again before anything was observed, it returns the same task and changes nothing. */
  beginEpisode(): number {
    if (this.fresh) return this.collection.current.task;
    this.fresh = true;
    const { collection, exploration, latent } = this.streams;
    const before = this.collection.current;
    const { task, phase, visitStarts } = this.collection.next(collection);
    // Extra steps do not belong to the context, and a visit that has ended has a complete one.
    if (before.task >= 0 && before.phase !== 'extra' && (visitStarts || phase === 'extra')) {
      this.experience.tasks[before.task]!.completeContext();
    }
    if (visitStarts) this.experience.tasks[task]!.beginVisit();
    if (this.holdsActions) this.actions.drawFromPrior(exploration, this.held);
    this.latent =
      phase === 'initial' || phase === 'prior'
        ? this.conditions.fromPrior(task, latent)
        : this.conditions.fromContext(task, () => this.visitContext(task, phase === 'extra'), latent);
    return task;
  }

  act(observation: unknown, { deterministic, rng }: ActOptions): Action {
    if (!deterministic && rng === undefined && this.holdsActions) {
      this.seen.read(observation, 'act: observation');
      return this.actions.decode(this.held);
    }
    const stream = deterministic ? undefined : (rng ?? this.streams.exploration);
    return this.actUpon(observation, this.latent, stream);
  }

  adapt({ descriptor, rng }: AdaptOptions): PearlAdaptation<Action> {
    return new PearlAdaptation({
      conditions: this.conditions,
      contextRows: this.contextRows,
      reader: new TransitionReader(this.observationSpace, this.actions),
      descriptor,
      rng,
      act: (observation, latent, actionRng) => this.actUpon(observation, latent, actionRng),
    });
  }

  describePolicy(): PolicyDescription {
    const { conditions, contextRows } = this;
    const { tensors, ...actor } = this.describe(this.actorCritic.describeActor('learner/actor'));
    if (conditions.size === 0) return { ...actor, tensors };
    const described = this.inference?.encoder.describe('encoder');
    if (described === undefined)
      return { ...actor, task: { size: conditions.size, inferred: null }, tensors };
    const layers = this.normalized(described.encoder.layers, contextRows.observationsFrom);
    return {
      ...actor,
      task: { size: conditions.size, inferred: contextRows.describe({ ...described.encoder, layers }) },
      tensors: { ...tensors, ...described.tensors },
    };
  }

  protected override take(transition: Transition<unknown, Action>, step: number): void {
    super.take(transition, step);
    this.fresh = false;
    this.collection.countStep();
  }

  /**
   * The gradient steps of the iterations so far, spread evenly over their environment steps, minus those already taken.
   */
  protected override gradientStepsDue(): number {
    const { tasksPerIteration, priorSteps, posteriorSteps, extraSteps, updatesPerIteration } = this.config;
    const iteration = tasksPerIteration * (priorSteps + posteriorSteps + extraSteps);
    const planned = Math.floor((this.collection.stepsPastInitial * updatesPerIteration) / iteration);
    return planned - this.gradientSteps;
  }

  protected override requireConsistent(): void {
    // At most the gradient steps of one environment step are due; more would be taken all at once.
    const due = this.gradientStepsDue();
    if (due >= 0 && due <= this.config.updatesPerIteration) return;
    throw new SnapshotMismatchError(
      `pearl: ${this.gradientSteps} gradient steps do not fit ${this.collection.stepsPastInitial} environment steps`,
    );
  }

  /** Algorithm 1, lines 10 to 21, for one batch of tasks. */
  protected gradientStep(): StepMetrics {
    const { metaBatchSize, batchSize, contextSize, contextSource } = this.config;
    const { inference, experience, actorCritic } = this;
    const { replay, noise } = this.streams;
    const chosen = Array.from({ length: metaBatchSize }, () => replay.integer(experience.tasks.length));
    const context = inference && experience.drawContexts(chosen, contextSize, contextSource, replay);
    const batch = experience.drawBatch(chosen, batchSize, this.view, replay);
    const upon = (latents: Float32Array): TransitionBatch => ({
      ...batch,
      observations: appendTasks(batch.observations, latents, metaBatchSize),
      nextObservations: appendTasks(batch.nextObservations, latents, metaBatchSize),
    });

    const { latents, metrics } =
      inference === undefined
        ? this.learnTold(chosen, upon)
        : inference.learn(context!, noise, (drawn) => {
            const critics = actorCritic.updateCritics(upon(drawn), noise, { stateGradient: true });
            const gradient = gradientByTasks(critics.stateGradient!, this.conditions.size, metaBatchSize);
            return { gradient, metrics: critics.metrics };
          });
    const actor = actorCritic.updateActor(appendTasks(batch.observations, latents, metaBatchSize), noise);
    const temperature = actorCritic.updateTemperature(actor.entropy);
    return { ...metrics, ...actor, temperature };
  }

  /** The critics' update on task descriptors, or without a task for a blind agent. */
  private learnTold(
    chosen: readonly number[],
    upon: (latents: Float32Array) => TransitionBatch,
  ): InferredTasks {
    const latents = this.conditions.told(chosen);
    return { latents, metrics: this.actorCritic.updateCritics(upon(latents), this.streams.noise).metrics };
  }

  private get holdsActions(): boolean {
    return this.config.initialActions === 'held' && !this.collection.pastInitial;
  }

  /** At most `contextSize` rows of the current visit's context. */
  private visitContext(task: number, complete: boolean): tf.Tensor3D {
    const source = complete ? 'recent' : 'visit';
    const rows = Math.min(this.experience.tasks[task]!.contextRows(source), this.config.contextSize);
    return this.experience.drawContexts([task], rows, source, this.streams.latent);
  }

  /** The policy's mode without an `rng`. */
  private actUpon(observation: unknown, latent: Float32Array, rng: Rng | undefined): Action {
    this.seen.read(observation, 'act: observation');
    const { values } = this.seen;
    const coordinates = tf.tidy(() => {
      const state = fillTensor<tf.Rank.R2>([1, values.length + latent.length], (array) => {
        array.set(values);
        array.set(latent, values.length);
      });
      return this.actorCritic.act(state, rng);
    });
    return this.actions.decode(coordinates);
  }

  private makeInference(rng: Rng): TaskInference {
    const { encoder, encoderHiddenSizes, encoderLearningRate, latentSize, includePrior, klWeight } =
      this.config;
    const options = { rowSize: this.contextRows.size, hiddenSizes: encoderHiddenSizes, latentSize, rng };
    return new TaskInference({
      encoder:
        encoder === 'product'
          ? new ProductEncoder({ ...options, includePrior })
          : new AttentionEncoder(options),
      learningRate: encoderLearningRate,
      klWeight,
    });
  }

  private makeParts(): AgentPart {
    const { actorCritic, inference } = this;
    const networks = joinParts(NAME, { learner: actorCritic });
    return mergeParts([
      networks,
      ...(inference === undefined ? [] : [inference]),
      joinParts(NAME, { pearl: { save: () => this.saveEpisode(), load: (part) => this.loadEpisode(part) } }),
    ]);
  }

  /** The state of data collection. */
  private saveEpisode(): Snapshot {
    const { latent, held, fresh } = this;
    return {
      arrays: {
        latent: { shape: [latent.length], data: latent.slice() },
        held: { shape: [held.length], data: held.slice() },
      },
      metadata: { collection: this.collection.save(), fresh },
    };
  }

  private loadEpisode({ arrays, metadata }: Snapshot): void {
    const { collection, fresh } = metadata;
    if (typeof fresh !== 'boolean') {
      throw new SnapshotMismatchError(`pearl: fresh must be a boolean, got ${showStored(fresh)}`);
    }
    const [latent, held] = [arrays.latent?.data, arrays.held?.data];
    if (!isFloat32Array(latent) || latent.length !== this.latent.length) {
      throw new SnapshotMismatchError(`pearl: the snapshot has no latent of ${this.latent.length} numbers`);
    }
    if (!isFloat32Array(held) || held.length !== this.held.length) {
      throw new SnapshotMismatchError(
        `pearl: the snapshot's held action does not have ${this.held.length} entries`,
      );
    }
    this.collection.load(collection);
    Object.assign(this, { latent: latent.slice(), held: held.slice(), fresh });
  }

  private requireMemory(inputSize: number): void {
    const { hiddenSizes, metaBatchSize, batchSize, contextSize, criticCount } = this.config;
    const { encoderHiddenSizes, latentSize } = this.config;
    requireTrainingMemory({
      inputSize: inputSize + latentSize,
      widths: { hiddenSizes },
      counts: { metaBatchSize, batchSize, criticCount },
    });
    requireTrainingMemory({
      inputSize: this.contextRows.size,
      widths: { encoderHiddenSizes, latentSize: [latentSize] },
      counts: { metaBatchSize, contextSize },
    });
  }
}
