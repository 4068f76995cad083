import type { ActOptions, AgentContext, PolicyDescription } from '@maxent/core';
import { DiscreteActions } from '../discrete-actions.js';
import { Learner } from '../learner/learner.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import { requireTrainingMemory } from '../learner/training-memory.js';
import { TransitionReplay } from '../learner/transition-replay.js';
import type { DiscreteSacConfig } from './config.js';
import { DiscreteActorCritic } from './discrete-actor-critic.js';

const NAME = 'discrete-sac';

/**
 * Soft actor-critic for discrete actions (Christodoulou 2019, arXiv 1910.07207, algorithm 1): a softmax actor, two
 * independently initialized critics that evaluate all actions at once, and their targets, Polyak-averaged or copied at
 * intervals. Each gradient step updates critics, their targets, actor and temperature; all use the temperature from
 * before the step.
 *
 * Observations of any space are flattened; a Discrete one becomes one-hot. Throws SpaceMismatchError unless actions are
 * Discrete.
 */
export class DiscreteSoftActorCritic extends Learner<number, 'exploration' | 'replay'> {
  protected readonly learned: DiscreteActorCritic;
  protected readonly experience: TransitionReplay;

  constructor(context: AgentContext, config: DiscreteSacConfig) {
    const actions = DiscreteActions.of(context.actionSpace, NAME);
    super(context, { name: NAME, streams: ['exploration', 'replay'], actions, config, schedule: config });
    const observationSize = context.observationSpace.flatSize;
    const actionCount = actions.size;
    const { hiddenSizes, batchSize, replayCapacity: capacity, targetEntropyFraction } = config;
    requireTrainingMemory({
      inputSize: observationSize + actionCount,
      widths: { hiddenSizes },
      counts: { batchSize },
    });
    const sizes = { observationSize, actionSize: actionCount, capacity, batchSize };
    this.experience = new TransitionReplay({ ...sizes, ...this.view });
    this.learned = new DiscreteActorCritic({
      name: NAME,
      stateSize: observationSize,
      actionCount,
      config,
      targetEntropy: targetEntropyFraction * Math.log(actionCount),
      rng: context.rng,
    });
  }

  /** pi(. | s), [actions]. */
  policy(observation: unknown): Float64Array {
    this.seen.read(observation, 'policy: observation');
    const states = this.seen.tensor();
    const policy = this.learned.policy(states);
    states.dispose();
    return policy;
  }

  /** min_i Q_i(s, a), in units of reward. */
  actionValue(observation: unknown, action: number): number {
    return this.leastValue(observation, action, (states, actions) => this.learned.values(states, actions));
  }

  /**
   * Uniformly random for the first `learningStarts` steps, then a draw from the policy. If deterministic, the most
   * likely action, the lowest one on ties. With `rng`, always a draw from the policy.
   */
  act(observation: unknown, options: ActOptions): number {
    return this.choose(observation, options, (states, rng) => this.learned.act(states, rng));
  }

  describePolicy(): PolicyDescription {
    return this.describe(this.learned.describeActor('actor'));
  }

  protected gradientStep(): StepMetrics {
    const { replay } = this.streams;
    const batch = this.experience.sample(replay);
    const critic = this.learned.updateCritics(batch);
    const actor = this.learned.updateActor(batch.observations);
    const temperature = this.learned.updateTemperature(actor.entropy);
    return { ...critic.metrics, ...actor, temperature };
  }
}
