import {
  type ActOptions,
  type AgentContext,
  type PolicyDescription,
  requireForm,
  requireMemory,
  requireOutcome,
  type Snapshot,
  type Space,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import { type Backup, drawAction, greedyAction, hardBackup } from '../action-values/backup.js';
import { epsilonAt } from '../action-values/config-fields.js';
import { SoftBackup } from '../action-values/soft-backup.js';
import type { AgentPart } from '../learner/agent-parts.js';
import { requireCounter, requireDoubleArray } from '../learner/snapshot-parts.js';
import { StatefulAgent } from '../learner/stateful-agent.js';
import { requireDiscreteActions, requireDiscreteObservations } from '../supported-spaces.js';
import type { QLearningConfig, SoftQLearningConfig } from './config.js';
import { stepSizeOf } from './step-size.js';

/** A value and a count of visits, float64. */
const BYTES_PER_ENTRY = 16;
const TABLE_MEMORY_LIMIT = 2 ** 30;

/** The differences between hard and soft Q-learning. */
interface Kind {
  readonly name: string;
  readonly backup: Backup;
  /** Temperature of the learned policy, softmax(Q / temperature); 0 if it is greedy. */
  readonly temperature: number;
  /** Its policy is the one to explore by. */
  readonly behavior: Backup;
}

/**
 * Q-learning with a table (Watkins and Dayan 1992, "Q-learning"). After each step (s, a, r, s'),
 *
 *   Q(s, a) += stepSize(n(s, a)) (r + discount V(s') - Q(s, a)),  V(s') = 0 if the episode terminated.
 *
 * `observe` learns from a transition at once and does not keep it; `update` only reports.
 */
class TabularQLearning extends StatefulAgent<number, 'exploration', number> {
  protected readonly learned: AgentPart = {
    save: () => this.saveTable(),
    load: (table) => this.loadTable(table),
  };
  private readonly observationSpace: Space<number>;
  private readonly actionSpace: Space<number>;
  private readonly stateCount: number;
  private readonly actionCount: number;
  private readonly stepSize: (visits: number) => number;
  /** Q, [states, actions]. */
  private readonly values: Float64Array;
  /** n, [states, actions]. */
  private readonly visits: Float64Array;
  private readonly probs: Float64Array;
  /** Transitions learned from since the last `update`. */
  private unreported = 0;
  private temporalDifference = 0;

  protected constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    private readonly config: QLearningConfig | SoftQLearningConfig,
    private readonly kind: Kind,
  ) {
    super({ name: kind.name, rng, streams: ['exploration'] });
    // Checked first, because agents for other observations need Discrete actions too.
    const actions = requireDiscreteActions(actionSpace, kind.name);
    const states = requireDiscreteObservations(observationSpace, kind.name);
    this.actionSpace = actions;
    this.observationSpace = states;
    this.actionCount = actions.count;
    this.stateCount = states.count;
    this.stepSize = stepSizeOf(config);
    requireMemory(
      'observationSpace',
      this.stateCount * this.actionCount * BYTES_PER_ENTRY,
      TABLE_MEMORY_LIMIT,
      {
        what: `a table of ${this.stateCount} states and ${this.actionCount} actions`,
        remedy: 'use an agent with a network, such as dqn',
      },
    );
    this.values = new Float64Array(this.stateCount * this.actionCount);
    this.visits = new Float64Array(this.values.length);
    this.probs = new Float64Array(this.actionCount);
  }

  /** A copy of the table, [states, actions]. */
  actionValues(): Float64Array {
    return this.values.slice();
  }

  /** Q(state, action), in units of reward. */
  actionValue(state: number, action: number): number {
    requireForm(this.observationSpace, state, 'actionValue: state');
    requireForm(this.actionSpace, action, 'actionValue: action');
    return this.values[state * this.actionCount + action]!;
  }

  /** pi(. | state) of the learned policy, [actions]. */
  policy(state: number): Float64Array {
    requireForm(this.observationSpace, state, 'policy: state');
    const probs = new Float64Array(this.actionCount);
    this.kind.backup.policyInto(this.values, state * this.actionCount, this.actionCount, probs);
    return probs;
  }

  /**
   * If deterministic, the most valuable action, the lowest one on ties. Otherwise explores; with `rng`, a draw from the
   * learned policy.
   */
  act(state: number, { deterministic, rng, environment }: ActOptions): number {
    requireForm(this.observationSpace, state, 'act: observation');
    const { actionCount, values, probs, kind } = this;
    const start = state * actionCount;
    if (deterministic) return greedyAction(values, start, actionCount);
    const stream = rng ?? this.streamIn('exploration', environment);
    if (rng === undefined && stream.uniform() < epsilonAt(this.config, this.observed)) {
      return stream.integer(actionCount);
    }
    const policy = rng === undefined ? kind.behavior : kind.backup;
    policy.policyInto(values, start, actionCount, probs);
    return drawAction(stream, probs);
  }

  protected take(transition: Transition<number, number>, step: number): void {
    const { observation, action, reward, nextObservation, terminated } = transition;
    const { actionCount, values, visits, kind, observationSpace, actionSpace } = this;
    requireOutcome(transition, { precision: 'float64', step });
    requireForm(observationSpace, observation, 'observe: observation');
    requireForm(observationSpace, nextObservation, 'observe: nextObservation');
    requireForm(actionSpace, action, 'observe: action');
    const pair = observation * actionCount + action;
    const nextValue = terminated ? 0 : kind.backup.value(values, nextObservation * actionCount, actionCount);
    visits[pair]! += 1;
    this.temporalDifference = reward + this.config.discount * nextValue - values[pair]!;
    values[pair]! += this.stepSize(visits[pair]!) * this.temporalDifference;
    this.gradientSteps += 1;
    this.unreported += 1;
  }

  update(): UpdateResult {
    const gradientSteps = this.unreported;
    this.unreported = 0;
    const { temporalDifference, observed } = this;
    return {
      gradientSteps,
      metrics: () => ({ temporalDifference, epsilon: epsilonAt(this.config, observed) }),
    };
  }

  describePolicy(): PolicyDescription {
    const { observationSpace, actionSpace, kind, stateCount, actionCount } = this;
    return {
      agent: kind.name,
      observationSpace,
      actionSpace,
      layers: [{ type: 'table', values: 'values' }],
      head: { type: 'categorical', temperature: kind.temperature },
      tensors: { values: { shape: [stateCount, actionCount], data: this.values.slice() } },
    };
  }

  private saveTable(): Snapshot {
    const shape = [this.stateCount, this.actionCount];
    return {
      arrays: {
        values: { shape, data: this.values.slice() },
        visits: { shape, data: this.visits.slice() },
        temporalDifference: { shape: [], data: Float64Array.of(this.temporalDifference) },
      },
      metadata: { unreported: this.unreported },
    };
  }

  private loadTable(table: Snapshot): void {
    const { name } = this.kind;
    const shape = [this.stateCount, this.actionCount];
    const values = requireDoubleArray(table, 'values', shape, name);
    const visits = requireDoubleArray(table, 'visits', shape, name);
    const temporalDifference = requireDoubleArray(table, 'temporalDifference', [], name)[0]!;
    const unreported = requireCounter(table, 'unreported', name);
    this.values.set(values);
    this.visits.set(visits);
    Object.assign(this, { temporalDifference, unreported });
  }
}

/**
 * Tabular Q-learning: V(s') = max_a Q(s', a), acting by epsilon-greedy or softmax exploration. Converges to
 * `solveTabular` of @maxent/pgm with inference `hard`.
 *
 * Throws SpaceMismatchError unless observations and actions are Discrete.
 */
export class QLearning extends TabularQLearning {
  constructor(context: AgentContext, config: QLearningConfig) {
    const { behaviorTemperature: temperature } = config;
    super(context, config, {
      name: 'q-learning',
      backup: hardBackup,
      temperature: 0,
      behavior: temperature === null ? hardBackup : new SoftBackup({ temperature, actionPrior: 'none' }),
    });
  }
}

/**
 * Tabular soft Q-learning: V(s') = tau log sum_a p(a) exp(Q(s', a) / tau), acting by its own policy softmax(Q / tau).
 * Converges to `solveTabular` of @maxent/pgm with inference `variational`.
 *
 * Throws SpaceMismatchError unless observations and actions are Discrete.
 */
export class SoftQLearning extends TabularQLearning {
  constructor(context: AgentContext, config: SoftQLearningConfig) {
    const backup = new SoftBackup(config);
    super(context, config, {
      name: 'soft-q-learning',
      backup,
      temperature: config.temperature,
      behavior: backup,
    });
  }
}
