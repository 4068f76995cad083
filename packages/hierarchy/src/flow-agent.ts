import { ActionScaling, SoftActorCritic, type StepMetrics } from '@maxent/agents';
import {
  type Agent,
  type Box,
  type BoxArray,
  InvalidInputError,
  type Snapshot,
  SnapshotMismatchError,
  showStored,
  snapshotsEqual,
  splitSnapshot,
} from '@maxent/core';
import { type LatentSpacePolicyConfig, latentSpacePolicyConfig } from './config.js';
import { FlowPolicy } from './flow-policy.js';
import { FrozenPolicy } from './frozen-policy.js';
import { isLatentSpace, LatentActions } from './latent-actions.js';
import type { LevelContext } from './level-context.js';
import { StackedFlowPolicy } from './stacked-flow-policy.js';

/** An agent that trains a flow policy with any algorithm. */
export interface FlowAgent extends Agent<unknown, BoxArray> {
  /**
   * A copy of the current policy, which the caller disposes of. In a level that continues others, it is the part that is
   * trained, a map between its latents and those of the level below.
   */
  freeze(): FrozenPolicy;
  /**
   * Goes on from what the level below had learned, in a level that continues it: a snapshot of the agent that trained it,
   * with its experience. Absent if the agent cannot continue a level.
   *
   * Throws SnapshotMismatchError, changing nothing, if the snapshot does not fit, or is not of the frozen level.
   */
  carryOver?(below: Snapshot): void;
}

/** Whether an agent trains a flow policy. */
export function isFlowAgent(agent: Agent): agent is FlowAgent {
  return typeof (agent as Partial<FlowAgent>).freeze === 'function';
}

/** How the agents of a hierarchy's levels are created. */
export interface FlowAgentDesign {
  /** Discount per step of the environment. */
  readonly discount: number;
  /** Whether its agents can continue a level: they have `carryOver`. Default false. */
  readonly continues?: boolean;
  create(context: LevelContext): FlowAgent;
}

/**
 * Maximum-entropy actor-critic over flow policies, with the same configuration for every level (the default one by
 * default).
 */
export function latentSpaceAgents(
  config: LatentSpacePolicyConfig = latentSpacePolicyConfig.parse({}),
): FlowAgentDesign {
  return {
    discount: config.discount,
    continues: true,
    create: (context) => new LatentSpaceAgent(context, config),
  };
}

/** The parts of a snapshot that a continued level has of its own; windows of n steps are of episodes that have ended. */
const OWN_PARTS = ['actor', 'actorOptimizer', 'windows', 'drawnLogProbs'];

/**
 * One level of a latent space policy (Haarnoja et al. 2018, arXiv 1804.02808): soft actor-critic with a flow policy. In
 * a bounded action space the policy is squashed and its prior is uniform, which gives plain entropy. An unbounded space
 * is the latent space of a frozen level, with the prior N(0, I): log pi(h | s) - log N(h; 0, I) then takes the place of
 * log pi in the actor's loss, the critics' target and the temperature's loss, which aims at a KL divergence from the
 * prior. Exploration before learning draws from the prior, which means acting like the level below. New critics rise as
 * 1 - exp(-updates / T), T = 1 / ((1 - discount) targetRate), and an actor that follows them before that leaves what the
 * level below can do; so for the first T updates (`actorStarts`) the policy stays at the prior.
 *
 * A level that continues others has their action space instead, and its couplings stand in front of their frozen flows:
 * see `StackedFlowPolicy`. Entropy is that of the whole stack, so critics, their targets and optimizer, temperature and
 * experience of the level below remain true, and `carryOver` takes them over. The statistics of its observations stay as
 * they were when the level below was frozen, because the frozen flows read observations with them.
 */
export class LatentSpaceAgent extends SoftActorCritic implements FlowAgent {
  private readonly flow: FlowPolicy;
  private readonly continued: readonly FrozenPolicy[];
  private readonly ownActions: Box;
  /** Updates before the actor learns. */
  private actorStarts: number;

  /**
   * Throws SpaceMismatchError unless the action space is a Box with all bounds or none, and InvalidInputError if the
   * prior is N(0, I) and the target entropy above 0: the temperature would grow forever to reach a negative divergence.
   */
  constructor(context: LevelContext, config: LatentSpacePolicyConfig) {
    const { actionSpace, level } = context;
    const { continued = [], stepsPerAction = 1 } = level ?? {};
    const squashed = !isLatentSpace(actionSpace);
    const { hiddenSizes, couplingLayers, couplingHiddenSize, maximumLogScale, targetEntropy } = config;
    if (!squashed && targetEntropy !== 'auto' && targetEntropy > 0) {
      throw new InvalidInputError(
        'config.targetEntropy',
        `expected at most 0 on an upper level, where it is minus a KL divergence, or "auto"; got ${targetEntropy}`,
      );
    }
    const design = { hiddenSizes, couplingLayers, couplingHiddenSize, maximumLogScale };
    const stacked = continued.length > 0;
    let flow: FlowPolicy | undefined;
    super(context, config, {
      name: 'lsp',
      coordinates: squashed ? ActionScaling.of(actionSpace, 'lsp') : new LatentActions(actionSpace, 'lsp'),
      makePolicy: (options) => {
        flow = new FlowPolicy({ ...options, ...design, squashed: squashed && !stacked });
        return stacked
          ? new StackedFlowPolicy(
              flow,
              continued.map((below) => below.flow),
            )
          : flow;
      },
    });
    this.flow = flow!;
    this.continued = continued;
    this.ownActions = stacked ? continued.at(-1)!.latents : (actionSpace as Box);
    if (stacked) this.normalization?.hold();
    const waits = level !== undefined && !squashed && !stacked;
    this.actorStarts =
      config.actorStarts === 'auto' ? (waits ? timeConstant(config, stepsPerAction) : 0) : config.actorStarts;
  }

  freeze(): FrozenPolicy {
    return FrozenPolicy.of(this.flow, this.ownActions, this.normalization);
  }

  carryOver(below: Snapshot): void {
    const { continued } = this;
    const frozen = continued.at(-1)?.flow.save();
    const actor = splitSnapshot(below, 'actor');
    if (frozen === undefined || actor === undefined || !snapshotsEqual(actor, frozen)) {
      throw new SnapshotMismatchError(
        'lsp: the snapshot to go on from is not of the level that this one continues: its policy is another one',
      );
    }
    this.load(this.marked(withParts(below, this.save(), OWN_PARTS)));
    this.rewardScaling?.beginEpisodes();
  }

  protected override gradientStep(): StepMetrics {
    return this.gradientSteps < this.actorStarts ? this.criticStep().metrics : super.gradientStep();
  }

  protected override saveState(): Snapshot {
    return this.marked(super.saveState());
  }

  protected override loadState(snapshot: Snapshot): void {
    const { continued = 0, actorStarts = 0 } = snapshot.metadata;
    if (continued !== this.continued.length) {
      throw new SnapshotMismatchError(
        `lsp: the snapshot is of a level that continues ${showStored(continued)} of those below, and this one continues ${this.continued.length}`,
      );
    }
    super.loadState(snapshot);
    // Version 0.1.0 let the actor start at once, and its runs go on so.
    this.actorStarts = Number(actorStarts);
  }

  /** A snapshot that says what kind of level it is of. */
  private marked({ metadata: { continued: _, actorStarts: __, ...metadata }, ...rest }: Snapshot): Snapshot {
    const { length: continued } = this.continued;
    const { actorStarts } = this;
    return {
      ...rest,
      metadata: { ...metadata, ...(continued > 0 && { continued }), ...(actorStarts > 0 && { actorStarts }) },
    };
  }
}

/** After so many updates, new critics have risen to 1 - 1/e of what they will be. */
function timeConstant(
  { discount, targetRate }: Pick<LatentSpacePolicyConfig, 'discount' | 'targetRate'>,
  stepsPerAction: number,
): number {
  return Math.ceil(1 / ((1 - discount ** stepsPerAction) * targetRate));
}

/** A snapshot with these parts, as `joinSnapshots` stores them, taken from another one. */
function withParts(snapshot: Snapshot, other: Snapshot, parts: readonly string[]): Snapshot {
  const within = (name: string) => parts.some((part) => name === part || name.startsWith(`${part}/`));
  const replaced = <T>(values: Readonly<Record<string, T>>, others: Readonly<Record<string, T>>) => ({
    ...Object.fromEntries(Object.entries(values).filter(([name]) => !within(name))),
    ...Object.fromEntries(Object.entries(others).filter(([name]) => within(name))),
  });
  return {
    ...snapshot,
    arrays: replaced(snapshot.arrays, other.arrays),
    metadata: replaced(snapshot.metadata, other.metadata),
  };
}
