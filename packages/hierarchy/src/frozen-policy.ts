import { ActionScaling, ObservationNormalization } from '@maxent/agents';
import { readTensor, tensorOf } from '@maxent/backend';
import {
  Box,
  type BoxArray,
  fieldPath,
  type JsonObject,
  joinSnapshots,
  Rng,
  requireForm,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  schemaProblem,
  splitSnapshot,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { type DescribedLevel, type FlowDesign, FlowPolicy } from './flow-policy.js';
import { isLatentSpace } from './latent-actions.js';

/** The name of the normalization in a snapshot and in a policy's tensors, as in an agent's. */
const NORMALIZATION = 'normalizeObservations';

/** The numbers that a snapshot keeps besides the parameters. */
const descriptionSchema = z.strictObject({
  observationSize: z.int().positive(),
  actionSize: z.int().positive(),
  design: z.strictObject({
    hiddenSizes: z.array(z.int().positive()),
    couplingLayers: z.int().positive(),
    couplingHiddenSize: z.int().positive(),
    maximumLogScale: z.number().positive(),
    squashed: z.boolean(),
  }),
  /** Bounds of the action space; null for latents. */
  bounds: z.strictObject({ low: z.array(z.number()), high: z.array(z.number()) }).nullable(),
  dataType: z.enum(['float32', 'float64']),
});

/**
 * A trained flow policy that no longer changes, evaluated one state at a time: a map between its latents and the
 * actions of its space.
 */
export class FrozenPolicy {
  /** Maps between (-1, 1) and the bounds of the space, for a squashed policy. */
  private readonly scaling: ActionScaling | undefined;

  /** The space of its latents. */
  readonly latents: Box;
  private readonly observations: Box;

  private constructor(
    /** The map itself, over batches, of observations that are normalized already. */
    readonly flow: FlowPolicy,
    readonly actionSpace: Box,
    /** Normalization of the flow's input, if it was trained with one. */
    private readonly normalization: ObservationNormalization | undefined,
  ) {
    this.observations = realNumbers(flow.observationSize);
    this.latents = realNumbers(flow.actionSize);
    if (flow.design.squashed) this.scaling = ActionScaling.of(actionSpace, 'FrozenPolicy');
  }

  /**
   * A copy of a policy and of the normalization of its input. Unless the policy is squashed, its outputs are actions of
   * the space without scaling.
   */
  static of(
    policy: FlowPolicy,
    actionSpace: Space<unknown>,
    normalization?: ObservationNormalization | undefined,
  ): FrozenPolicy {
    const { observationSize, actionSize, design } = policy;
    const copy = new FlowPolicy({ observationSize, actionSize, ...design, rng: Rng.fromSeed(0) });
    copy.load(policy.save());
    return new FrozenPolicy(copy, actionSpace as Box, normalization?.copy());
  }

  /** Size of a latent, which equals the size of an action. */
  get latentSize(): number {
    return this.flow.actionSize;
  }

  /** How many numbers of the state the policy reads. */
  get observationSize(): number {
    return this.flow.observationSize;
  }

  /** f(h; s) as an action of the space. Throws SpaceMismatchError if the latent or the state has another length. */
  act(latent: ArrayLike<number>, observation: Float32Array): BoxArray {
    requireForm(this.latents, latent, 'act: latent');
    requireForm(this.observations, observation, 'act: observation');
    const values = this.apply('forward', latent, observation);
    return this.scaling?.decode(values) ?? this.actionSpace.unflatten(values);
  }

  /**
   * The h with f(h; s) = a. A squashed action at its bounds has no latent; the result is then the latent of the nearest
   * action that has one. Throws SpaceMismatchError if the action or the state has another length.
   */
  latentOf(action: BoxArray, observation: Float32Array): Float32Array {
    requireForm(this.actionSpace, action, 'latentOf: action');
    requireForm(this.observations, observation, 'latentOf: observation');
    const values = Float32Array.from(action);
    this.scaling?.encode(action, values, 'latentOf: action');
    return this.apply('inverse', values, observation);
  }

  /** Whether its actions are squashed into the bounds of their space, as at the lowest level. */
  get squashed(): boolean {
    return this.flow.design.squashed;
  }

  /** This policy as a level of a `FlowHead`; its tensors' names begin with `<part>/`. */
  describeLevel(part: string): DescribedLevel {
    const { level, tensors } = this.flow.describeLevel(part);
    const { normalization } = this;
    if (normalization === undefined) return { level, tensors };
    const name = `${part}/${NORMALIZATION}`;
    return {
      level: { ...level, layers: [normalization.layer(name), ...level.layers] },
      tensors: { ...tensors, ...normalization.tensors(name) },
    };
  }

  save(): Snapshot {
    const { low, high, dataType } = this.actionSpace;
    const { observationSize, actionSize, design } = this.flow;
    const bounds = isLatentSpace(this.actionSpace) ? null : { low: [...low], high: [...high] };
    const description = {
      observationSize,
      actionSize,
      design: { ...design, hiddenSizes: [...design.hiddenSizes] },
      bounds,
      dataType,
    };
    return joinSnapshots({
      flow: this.flow.save(),
      ...(this.normalization && { [NORMALIZATION]: this.normalization.save() }),
      description: { arrays: {}, metadata: description as unknown as JsonObject },
    });
  }

  /** Throws SnapshotMismatchError if the snapshot holds something else. */
  static load(snapshot: Snapshot): FrozenPolicy {
    const description = splitSnapshot(snapshot, 'description')?.metadata;
    const parsed = descriptionSchema.safeParse(description);
    const weights = splitSnapshot(snapshot, 'flow');
    if (!parsed.success || weights === undefined) {
      throw new SnapshotMismatchError(
        `frozen policy: the snapshot does not hold one (${parsed.error === undefined ? 'no part "flow"' : problemOf(parsed.error, description)})`,
      );
    }
    const { design, bounds, dataType, ...sizes } = parsed.data;
    const flow = new FlowPolicy({ ...sizes, ...(design satisfies FlowDesign), rng: Rng.fromSeed(0) });
    flow.load(weights);
    const statistics = splitSnapshot(snapshot, NORMALIZATION);
    const normalization = statistics && new ObservationNormalization(sizes.observationSize);
    normalization?.load(statistics!);
    const { low, high } = bounds ?? { low: -Infinity, high: Infinity };
    const actionSpace = new Box({ low, high, shape: [sizes.actionSize], dataType });
    return new FrozenPolicy(flow, actionSpace, normalization);
  }

  dispose(): void {
    this.flow.dispose();
  }

  private apply(
    direction: 'forward' | 'inverse',
    input: ArrayLike<number>,
    observation: Float32Array,
  ): Float32Array {
    return tf.tidy(() => {
      const seen = Float32Array.from(observation);
      this.normalization?.apply(seen);
      const state = tensorOf<tf.Rank.R2>(seen, [1, this.observationSize]);
      const rows = tensorOf<tf.Rank.R2>(input, [1, this.latentSize]);
      return readTensor(this.flow[direction](rows, state));
    });
  }
}

function problemOf({ issues }: z.ZodError, description: unknown): string {
  const { path, problem } = schemaProblem(issues, description, 'is missing');
  return `${fieldPath(['description', ...path])}: ${problem}`;
}

function realNumbers(size: number): Box {
  return new Box({ low: -Infinity, high: Infinity, shape: [size] });
}
