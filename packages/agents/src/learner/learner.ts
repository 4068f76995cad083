import { readTensor, tensorOf } from '@maxent/backend';
import {
  type ActOptions,
  type AgentContext,
  type FlowHead,
  type PolicyDescription,
  type PolicyLayer,
  type Rng,
  requireSpace,
  type Snapshot,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import { type ActionCoordinates, priorDraw } from './action-coordinates.js';
import { type AgentPart, mergeSnapshots, optionalParts } from './agent-parts.js';
import type { DrawnActions } from './drawn-actions.js';
import { ObservationNormalization } from './observation-normalization.js';
import { ObservationRow } from './observation-row.js';
import type { Experience } from './replay.js';
import { RewardScaling } from './reward-scaling.js';
import { StatefulAgent, type StatefulAgentOptions } from './stateful-agent.js';
import { LastMetrics, type StepMetrics } from './step-metrics.js';
import { TransitionReader } from './transition-reader.js';
import type { BatchView } from './transition-replay.js';
import { gradientStepsDue, type UpdateSchedule } from './update-schedule.js';

/** The name of the normalization in a snapshot and in a policy's tensors. */
const SETTING = 'normalizeObservations';

/** The part of its agent's configuration that a learner reads. */
export interface LearnerConfig {
  /** Per step of the environment. */
  readonly discount: number;
  readonly normalizeObservations: boolean;
  /** Absent if rewards are used as they are. */
  readonly rewardScale?: number;
  readonly rewardScaling?: boolean;
}

export interface LearnerOptions<Action, Stream extends string>
  extends Omit<StatefulAgentOptions<Stream | 'exploration'>, 'rng'> {
  readonly actions: ActionCoordinates<Action>;
  readonly config: LearnerConfig;
  /** Absent if the subclass itself decides which gradient steps are due. */
  readonly schedule?: UpdateSchedule;
  /**
   * Makes replay keep the coordinates that an action was drawn with, instead of those that `actions.encode` finds. For
   * actions that do not determine their coordinates exactly.
   */
  readonly drawn?: DrawnActions<Action>;
}

/**
 * What agents that learn from replay share. A transition is checked, flattened and stored unscaled; `update` takes the
 * gradient steps that are due; the whole state can be saved and loaded. With `normalizeObservations` and
 * `rewardScaling`, each observed transition updates the statistics. Their current values scale observations when they
 * are drawn or acted on, and rewards when they are drawn. Evaluation never calls `observe`, so it leaves the statistics
 * alone.
 *
 * A subclass makes `learned` and `experience` in its constructor and writes `act`, as a rule by `choose`, and
 * `gradientStep`. One of its streams is `exploration`.
 */
export abstract class Learner<Action, Stream extends string> extends StatefulAgent<
  Action,
  Stream | 'exploration'
> {
  protected readonly actions: ActionCoordinates<Action>;
  /** The observation being acted on. */
  protected readonly seen: ObservationRow;
  /** What `seen` and drawn observations are scaled by; undefined without `normalizeObservations`. */
  protected readonly normalization: ObservationNormalization | undefined;
  /** What drawn rewards are divided by; undefined without `rewardScaling`. */
  protected readonly rewardScaling: RewardScaling | undefined;
  /** How experience is drawn. */
  protected readonly view: BatchView;
  private readonly spaces: Pick<AgentContext, 'observationSpace' | 'actionSpace'>;
  private readonly reader: TransitionReader<Action>;
  private readonly schedule: UpdateSchedule | undefined;
  private readonly drawn: DrawnActions<Action> | undefined;
  /** What the learner itself keeps from one transition to the next. */
  private readonly kept: AgentPart;
  private readonly lastMetrics = new LastMetrics();

  /** Throws SpaceMismatchError if the observation space is not a space. */
  protected constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    { actions, config, schedule, drawn, ...options }: LearnerOptions<Action, Stream>,
  ) {
    requireSpace('observationSpace', observationSpace);
    super({ ...options, rng });
    this.actions = actions;
    this.spaces = { observationSpace, actionSpace };
    this.schedule = schedule;
    const { discount, rewardScale = 1, rewardScaling = false } = config;
    this.normalization = config.normalizeObservations
      ? new ObservationNormalization(observationSpace.flatSize)
      : undefined;
    this.rewardScaling = rewardScaling ? new RewardScaling(discount) : undefined;
    this.drawn = drawn;
    this.kept = optionalParts(this.name, {
      [SETTING]: this.normalization,
      rewardScaling: this.rewardScaling,
      drawnActions: drawn,
    });
    this.seen = new ObservationRow(observationSpace, this.normalization);
    this.reader = new TransitionReader(observationSpace, actions);
    this.view = {
      discount,
      rewardScale,
      rewardScaling: this.rewardScaling,
      normalization: this.normalization,
    };
  }

  /** The transitions observed so far; minibatches are drawn from them. */
  protected abstract readonly experience: Experience;

  /** One gradient step; runs in a tidy. Returns the metrics that `update` reports. */
  protected abstract gradientStep(): StepMetrics;

  /**
   * Acts on an observation: by a draw from the prior while `learningStarts` lasts, then by `policy`, which gives the
   * coordinates of a draw from a stream or, without one, of the deterministic action, and runs in a tidy. With `rng`
   * given, always by `policy`. Without it, each environment has its own stream. Evaluation, which passes `rng` or asks
   * for the deterministic action, leaves no trace.
   */
  protected choose(
    observation: unknown,
    { deterministic, rng, environment }: ActOptions,
    policy: (observations: tf.Tensor2D, stream: Rng | undefined) => Float32Array,
  ): Action {
    this.seen.read(observation, 'act: observation');
    if (deterministic || rng !== undefined) {
      const stream = deterministic ? undefined : rng;
      return this.actions.decode(tf.tidy(() => policy(this.seen.tensor(), stream)));
    }
    const stream = this.streamIn('exploration', environment);
    const coordinates = this.warmingUp
      ? priorDraw(this.actions, stream)
      : tf.tidy(() => policy(this.seen.tensor(), stream));
    this.drawn?.remember(coordinates, environment);
    return this.actions.decode(coordinates);
  }

  /**
   * Q(s, a), the least that `critics` say of an observation and an action; they are given one row of each and run in a tidy.
   */
  protected leastValue(
    observation: unknown,
    action: Action,
    critics: (observations: tf.Tensor2D, actions: tf.Tensor2D) => tf.Tensor,
  ): number {
    this.seen.read(observation, 'actionValue: observation');
    const coordinates = new Float32Array(this.actions.size);
    this.actions.encode(action, coordinates, 'actionValue: action');
    return tf.tidy(() => {
      const actions = tensorOf<tf.Rank.R2>(coordinates, [1, coordinates.length]);
      return Math.min(...readTensor(critics(this.seen.tensor(), actions)));
    });
  }

  update(): UpdateResult {
    // There is no row yet while n-step rewards are still incomplete, or in a policy that was loaded only to act.
    const due = this.experience.size > 0 ? this.gradientStepsDue() : 0;
    for (let i = 0; i < due; i++) {
      const scaling = this.rewardScaling && { rewardDivisor: this.rewardScaling.divisor };
      tf.tidy(() => this.lastMetrics.set({ ...this.gradientStep(), ...scaling }));
      this.gradientSteps += 1;
    }
    return { gradientSteps: due, metrics: () => this.lastMetrics.read() };
  }

  override load(snapshot: Snapshot): void {
    super.load(snapshot);
    this.lastMetrics.clear();
  }

  override dispose(): void {
    super.dispose();
    this.lastMetrics.clear();
  }

  /** Gradient steps to take now. */
  protected gradientStepsDue(): number {
    return this.schedule === undefined ? 0 : gradientStepsDue(this.schedule, this.observed);
  }

  /** The policy of an actor whose layers read what `seen` holds; for `describePolicy`. */
  protected describe({ layers, head, tensors }: DescribedActor): PolicyDescription {
    const levelsOf = (flow: FlowHead) =>
      flow.levels.map((level) => ({ ...level, layers: this.normalized(level.layers) }));
    return {
      agent: this.name,
      ...this.spaces,
      // The levels of a flow read observations by themselves.
      ...(head.type === 'flow'
        ? { layers, head: { ...head, levels: levelsOf(head) } }
        : { layers: this.normalized(layers), head }),
      tensors: { ...tensors, ...this.normalization?.tensors(SETTING) },
    };
  }

  /** These layers, preceded by the normalization of the observations that start at these entries of their input. */
  protected normalized(
    layers: readonly PolicyLayer[],
    observationsFrom: readonly number[] = [0],
  ): readonly PolicyLayer[] {
    const { normalization } = this;
    if (normalization === undefined) return layers;
    return [...observationsFrom.map((from) => normalization.layer(SETTING, from)), ...layers];
  }

  /** Undoes `rewardScaling`, so that a value can be compared with the environment's rewards. */
  protected inRewardUnits<Value extends tf.Scalar | number>(value: Value): tf.Scalar | Value {
    return this.rewardScaling === undefined ? value : tf.mul(value, this.rewardScaling.divisor);
  }

  /** Whether actions are still drawn at random. */
  protected get warmingUp(): boolean {
    return this.observed < (this.schedule?.learningStarts ?? 0);
  }

  protected take(transition: Transition<unknown, Action>, step: number): void {
    const row = this.reader.read(transition, step);
    this.drawn?.recall(transition.action, row.action, transition.environment);
    this.experience.append(row, transition);
    this.normalization?.count(row.observation);
    this.rewardScaling?.count(row, transition.environment);
  }

  protected override saveState(): Snapshot {
    return mergeSnapshots([super.saveState(), this.kept.save(), this.experience.save()]);
  }

  protected override loadState(snapshot: Snapshot): void {
    super.loadState(snapshot);
    this.kept.load(snapshot);
  }

  protected override prepare(snapshot: Snapshot): () => void {
    return this.experience.prepare(snapshot, this.name);
  }
}
