import {
  type ActionCoordinates,
  type ActorCriticUpdates,
  type AgentPart,
  joinParts,
  Learner,
  requireTrainingMemory,
  type StepMetrics,
} from '@maxent/agents';
import { joinColumns, readTensor, tensorOf } from '@maxent/backend';
import {
  type ActOptions,
  type AgentContext,
  type BoxArray,
  defineAgent,
  InvalidInputError,
  type PolicyDescription,
  type Transition,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { type DiaynConfig, diaynConfig } from './config.js';
import { Discriminator } from './discriminator.js';
import { EpisodeSkills } from './episode-skills.js';
import { SkillReplay } from './skill-replay.js';
import { softActorCriticFor } from './soft-actor-critic.js';

const NAME = 'diayn';

/**
 * DIAYN (Eysenbach, Gupta, Ibarz and Levine 2019, "Diversity is All You Need: Learning Skills without a Reward
 * Function", arXiv 1802.06070, algorithm 1). Each episode follows a skill z, drawn from the uniform p(z), and the
 * policy is rewarded for states that tell which:
 *
 *   r_z(s') = log q(z | s') - log p(z),
 *
 * where the discriminator q learns by cross-entropy to guess the skill from a state. With the policy's entropy this
 * maximizes a lower bound of I(Z; S) + temperature H[A | S, Z]. Soft actor-critic learns from these rewards; its policy
 * and critics see the observation and z, one-hot. The environment's own rewards are not learned from.
 */
export class Diayn extends Learner<BoxArray | number, 'exploration' | 'skills' | 'replay' | 'noise'> {
  protected readonly learned: AgentPart;
  protected readonly experience: SkillReplay;
  private readonly actorCritic: ActorCriticUpdates;
  private readonly discriminator: Discriminator;
  private readonly skills: EpisodeSkills;

  /** Throws SpaceMismatchError unless actions are Discrete or a Box with finite bounds. */
  constructor(
    context: AgentContext,
    private readonly config: DiaynConfig,
  ) {
    const { coordinates, create } = softActorCriticFor(context.actionSpace, NAME, config);
    const streams = ['exploration', 'skills', 'replay', 'noise'] as const;
    // Actions are encoded and decoded by the coordinates of the same space.
    const actions = coordinates as ActionCoordinates<BoxArray | number>;
    super(context, { name: NAME, streams, actions, config, schedule: config });
    const { skills, hiddenSizes, batchSize, learningRate, replayCapacity: capacity } = config;
    const observationSize = context.observationSpace.flatSize;
    const sees = requireEntries(config.discriminatorSees, observationSize);
    const stateSize = observationSize + skills;
    requireTrainingMemory({
      inputSize: stateSize + actions.size,
      widths: { hiddenSizes },
      counts: { batchSize },
    });
    this.skills = new EpisodeSkills(skills, (environment) => this.streamIn('skills', environment));
    this.experience = new SkillReplay({
      ...{ observationSize, actionSize: actions.size, capacity, batchSize, skills },
      ...this.view,
      skillIn: (environment) => this.skills.in(environment),
    });
    this.actorCritic = create({ stateSize, rng: context.rng });
    this.discriminator = new Discriminator({
      ...{ stateSize: observationSize, sees, skills, hiddenSizes, learningRate },
      rng: context.rng.split('discriminator'),
    });
    this.learned = joinParts(NAME, {
      actorCritic: this.actorCritic,
      discriminator: this.discriminator,
      skills: this.skills,
    });
  }

  /**
   * In training, by the skill of this environment's episode, and uniformly random for the first `learningStarts` steps.
   * With `deterministic` or `rng`, as in an evaluation, by `evaluationSkill`: the policy's mode, or a draw from it.
   */
  act(observation: unknown, options: ActOptions): BoxArray | number {
    const { deterministic, rng, environment } = options;
    const evaluating = deterministic || rng !== undefined;
    return this.choose(observation, options, (observations, stream) => {
      // Only now: an observation that was refused must not have drawn a skill.
      const skill = evaluating ? this.config.evaluationSkill : this.skills.in(environment);
      const chosen = tensorOf<tf.Rank.R2>(oneHot(skill, this.config.skills), [1, this.config.skills]);
      return this.actorCritic.act(joinColumns(observations, chosen), stream);
    });
  }

  /** q(. | s) of an observation: how probable the discriminator finds each skill, [skills]. */
  skillProbs(observation: unknown): Float32Array {
    this.seen.read(observation, 'skillProbs: observation');
    return tf.tidy(() => readTensor(tf.exp(this.discriminator.logProbs(this.seen.tensor()))));
  }

  /** The policy of every skill. It is told the skill, one-hot, when it acts. */
  describePolicy(): PolicyDescription {
    const described = this.describe(this.actorCritic.describeActor('actorCritic/actor'));
    return { ...described, task: { size: this.config.skills, inferred: null } };
  }

  protected override take(transition: Transition<unknown, BoxArray | number>, step: number): void {
    super.take(transition, step);
    if (transition.terminated || transition.truncated) this.skills.end(transition.environment);
  }

  /** Algorithm 1 for one minibatch. Replay holds skills, not rewards: they always come from the current q. */
  protected gradientStep(): StepMetrics {
    const { replay, noise } = this.streams;
    const { skills, ...batch } = this.experience.sample(replay);
    const guesses = this.discriminator.logProbsOf(batch.nextObservations, skills);
    const discriminatorLoss = this.discriminator.learn(batch.nextObservations, skills);

    const logSkills = Math.log(this.config.skills);
    const observations = joinColumns(batch.observations, skills);
    const { metrics } = this.actorCritic.updateCritics(
      {
        ...batch,
        observations,
        nextObservations: joinColumns(batch.nextObservations, skills),
        rewards: this.config.payForStaying ? tf.add(guesses, logSkills) : guesses,
      },
      noise,
    );
    const actor = this.actorCritic.updateActor(observations, noise);
    // E[log q(z | s) - log p(z)] of the minibatch, which bounds I(Z; S) from below.
    const information = tf.sub<tf.Scalar>(logSkills, discriminatorLoss);
    return { discriminatorLoss, information, ...metrics, ...actor };
  }
}

/** The numbers by which a policy is told its skill. */
export function oneHot(skill: number, skills: number): Float32Array {
  if (!(Number.isInteger(skill) && skill >= 0 && skill < skills)) {
    throw new InvalidInputError('skill', `expected a whole number from 0 to ${skills - 1}, got ${skill}`);
  }
  const numbers = new Float32Array(skills);
  numbers[skill] = 1;
  return numbers;
}

function requireEntries(sees: readonly number[] | null, size: number): readonly number[] | null {
  const outside = sees?.find((entry) => entry >= size);
  if (outside === undefined) return sees;
  throw new InvalidInputError(
    'config.discriminatorSees',
    `expected entries from 0 to ${size - 1} of the flat observation, got ${outside}`,
  );
}

export const diayn = defineAgent({
  name: NAME,
  description: 'DIAYN: learns skills that can be told apart, without rewards',
  config: diaynConfig,
  presets: {
    // A short replay: q must know the skills as they are, not as they were.
    'Corridor-v0': {
      ...{ skills: 2, hiddenSizes: [32], learningRate: 5e-3 },
      ...{ learningStarts: 100, replayCapacity: 500 },
    },
  },
  severalEnvironments: true,
  create: (context, given) => new Diayn(context, given),
});
