import { ActionScaling, SoftActorCritic } from '@maxent/agents';
import { type Agent, type AgentContext, type BoxArray, InvalidInputError } from '@maxent/core';
import { type LatentSpacePolicyConfig, latentSpacePolicyConfig } from './config.js';
import { FlowPolicy } from './flow-policy.js';
import { FrozenPolicy } from './frozen-policy.js';
import { isLatentSpace, LatentActions } from './latent-actions.js';

/** An agent that trains a flow policy with any algorithm. */
export interface FlowAgent extends Agent<unknown, BoxArray> {
  /** A copy of the current policy, which the caller disposes of. */
  freeze(): FrozenPolicy;
}

/** Whether an agent trains a flow policy. */
export function isFlowAgent(agent: Agent): agent is FlowAgent {
  return typeof (agent as Partial<FlowAgent>).freeze === 'function';
}

/** How the agents of a hierarchy's levels are created. */
export interface FlowAgentDesign {
  /** Discount per step of the environment. */
  readonly discount: number;
  create(context: AgentContext): FlowAgent;
}

/**
 * Maximum-entropy actor-critic over flow policies, with the same configuration for every level (the default one by
 * default).
 */
export function latentSpaceAgents(
  config: LatentSpacePolicyConfig = latentSpacePolicyConfig.parse({}),
): FlowAgentDesign {
  return { discount: config.discount, create: (context) => new LatentSpaceAgent(context, config) };
}

/**
 * One level of a latent space policy (Haarnoja et al. 2018, arXiv 1804.02808): soft actor-critic with a flow policy. In
 * a bounded action space the policy is squashed and its prior is uniform, which gives plain entropy. An unbounded space
 * is the latent space of a frozen level, with the prior N(0, I): log pi(h | s) - log N(h; 0, I) then takes the place of
 * log pi in the actor's loss, the critics' target and the temperature's loss, which aims at a KL divergence from the
 * prior. Exploration before learning draws from the prior, which means acting like the level below.
 */
export class LatentSpaceAgent extends SoftActorCritic implements FlowAgent {
  private readonly flow: FlowPolicy;
  private readonly context: AgentContext;

  /**
   * Throws SpaceMismatchError unless the action space is a Box with all bounds or none, and InvalidInputError if the
   * prior is N(0, I) and the target entropy above 0: the temperature would grow forever to reach a negative divergence.
   */
  constructor(context: AgentContext, config: LatentSpacePolicyConfig) {
    const { actionSpace } = context;
    const squashed = !isLatentSpace(actionSpace);
    const { hiddenSizes, couplingLayers, couplingHiddenSize, maximumLogScale, targetEntropy } = config;
    if (!squashed && targetEntropy !== 'auto' && targetEntropy > 0) {
      throw new InvalidInputError(
        'config.targetEntropy',
        `expected at most 0 on an upper level, where it is minus a KL divergence, or "auto"; got ${targetEntropy}`,
      );
    }
    const design = { hiddenSizes, couplingLayers, couplingHiddenSize, maximumLogScale, squashed };
    let flow: FlowPolicy | undefined;
    super(context, config, {
      name: 'lsp',
      coordinates: squashed ? ActionScaling.of(actionSpace, 'lsp') : new LatentActions(actionSpace, 'lsp'),
      makePolicy: (options) => {
        flow = new FlowPolicy({ ...options, ...design });
        return flow;
      },
    });
    this.flow = flow!;
    this.context = context;
  }

  freeze(): FrozenPolicy {
    return FrozenPolicy.of(this.flow, this.context.actionSpace, this.normalization);
  }
}
