import type { ActOptions, Agent, Metrics, Policy, Transition, UpdateResult } from '../agent.js';
import { AgentFaultError, InvalidInputError, isMaxentError } from '../errors.js';
import type { Adaptation, AdaptOptions, MetaAgent } from '../meta-agent.js';
import type { PolicyDescription } from '../policy-description.js';
import type { Snapshot } from '../snapshot.js';
import type { Space } from '../spaces/space.js';
import { requireEnvironmentIndex } from '../validation.js';
import {
  actionOutside,
  actionProblem,
  adaptationProblem,
  agentProblem,
  beliefProblem,
  metricsProblem,
  updateProblem,
  WROTE_INTO_OBSERVATION,
} from './agent-sentences.js';
import { nameOf } from './names.js';
import { snapshotProblem } from './snapshot-sentences.js';
import { abandon, describeThrown, isPromise } from './thrown.js';
import { flatCopy, isFiniteValue, sameNumbers } from './value-sentences.js';

/** How many actions are checked more closely. */
const ACTIONS = 1000;

export interface AgentGuardOptions {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** Check the first 1,000 actions more closely. Default true. */
  readonly check?: boolean | undefined;
  /** Says where in the run a call happens: `environment step 57`. */
  readonly where?: (() => string) | undefined;
  /** Called once if actions exceed their bounds. Default: nothing is called. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Finds an agent's or policy's faults. Errors that maxent throws on purpose pass through, because they already say what
 * is wrong. Anything else that a call throws, or any result that breaks the contract of `Agent`, becomes an
 * AgentFaultError.
 */
class Guard {
  private readonly name: string;
  private checked: number;
  private warned = false;

  constructor(
    subject: object,
    private options: AgentGuardOptions,
  ) {
    this.name = nameOf('agent', subject);
    this.checked = options.check === false ? ACTIONS : 0;
  }

  adopt({ check, where, onWarning }: AgentGuardOptions): void {
    if (check === false) this.checked = ACTIONS;
    const { options } = this;
    this.options = { ...options, where: where ?? options.where, onWarning: onWarning ?? options.onWarning };
  }

  /** Runs the last call. What it throws becomes a warning, because everything computed before it is still valid. */
  release(call: string, work: () => void): void {
    try {
      this.attempt(call, work);
    } catch (error) {
      const { onWarning } = this.options;
      if (onWarning === undefined) throw error;
      onWarning((error as Error).message);
    }
  }

  attempt<T>(call: string, work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      if (isMaxentError(thrown)) throw thrown;
      throw this.fault(`${call} threw ${describeThrown(thrown)}`, { cause: thrown });
    }
  }

  require(problem: string | undefined, found?: unknown): void {
    if (problem === undefined) return;
    if (isPromise(found)) abandon(found);
    throw this.fault(problem);
  }

  /** Checks that a call without a result finished before it returned. */
  requireOver(call: string, found: unknown): void {
    if (isPromise(found)) this.require(`${call} returned a promise; it must finish before it returns`, found);
  }

  act(policy: Policy, observation: unknown, options: ActOptions, learned: boolean): unknown {
    const { observationSpace, actionSpace } = this.options;
    return this.attempt('act', () => {
      requireEnvironmentIndex('act: environment', options.environment);
      const closer = this.checked < ACTIONS;
      const before = closer ? flatCopy(observationSpace, observation) : undefined;
      const action: unknown = policy.act(observation, options);
      this.require(actionProblem('act', actionSpace, action), action);
      if (before === undefined) return action;
      this.checked += 1;
      if (!sameNumbers(flatCopy(observationSpace, observation), before)) this.require(WROTE_INTO_OBSERVATION);
      // Once it has learned, numbers that are not finite mean that learning diverged, which the driver reports.
      if (!isFiniteValue(action)) {
        if (!learned) this.require(`${actionOutside('act', actionSpace, action)}, before any gradient step`);
        return action;
      }
      this.warnOutside(action);
      return action;
    });
  }

  private warnOutside(action: unknown): void {
    if (this.warned) return;
    const outside = actionOutside('act', this.options.actionSpace, action);
    if (outside === undefined) return;
    this.warned = true;
    this.options.onWarning?.(`${this.place}: ${outside}`);
  }

  private get place(): string {
    const { where } = this.options;
    return where === undefined ? this.name : `${this.name}, ${where()}`;
  }

  private fault(problem: string, cause?: ErrorOptions): AgentFaultError {
    return new AgentFaultError(`${this.place}: ${problem}. Correct the agent.`, cause);
  }
}

/** A policy whose faults become AgentFaultError. Non-finite numbers pass: they mean that learning diverged. */
export function guardPolicy(policy: Policy, options: AgentGuardOptions): Policy {
  if (policy instanceof GuardedAgent) return policy;
  if (typeof policy?.act !== 'function') {
    throw new InvalidInputError('policy', 'expected an object with an act method');
  }
  const guard = new Guard(policy, options);
  return { act: (observation, actOptions) => guard.act(policy, observation, actOptions, true) };
}

/**
 * An agent whose faults become AgentFaultError. If it is already guarded, its guard takes over these options.
 * Throws InvalidInputError for anything that is not an agent.
 */
export function guardAgent(agent: Agent, options: AgentGuardOptions): Agent {
  if (!(agent instanceof GuardedAgent)) return new GuardedAgent(agent, options);
  agent.guard.adopt(options);
  return agent;
}

/** As `guardAgent`, and also guards the adaptations that the agent makes. */
export function guardMetaAgent(agent: MetaAgent, options: AgentGuardOptions): MetaAgent {
  if (!(agent instanceof GuardedMetaAgent)) return new GuardedMetaAgent(agent, options);
  agent.guard.adopt(options);
  return agent;
}

class GuardedAgent<Inner extends Agent = Agent> implements Agent {
  readonly guard: Guard;
  /** Exists only if the agent has it. */
  readonly describePolicy?: () => PolicyDescription;
  private learned = false;

  constructor(
    protected readonly inner: Inner,
    options: AgentGuardOptions,
  ) {
    const problem = agentProblem(inner);
    if (problem !== undefined) throw new InvalidInputError('agent', `expected an agent, got ${problem}`);
    this.guard = new Guard(inner, options);
    if (typeof inner.describePolicy === 'function') {
      this.describePolicy = () => this.guard.attempt('describePolicy', () => inner.describePolicy!());
    }
  }

  act(observation: unknown, options: ActOptions): unknown {
    return this.guard.act(this.inner, observation, options, this.learned);
  }

  observe(transition: Transition): void {
    this.guard.attempt('observe', () => {
      requireEnvironmentIndex('observe: environment', transition.environment);
      this.guard.requireOver('observe', this.inner.observe(transition));
    });
  }

  update(): UpdateResult {
    return this.guard.attempt('update', () => {
      const result = this.inner.update();
      this.guard.require(updateProblem(result), result);
      if (result.gradientSteps === 0) return result;
      this.learned = true;
      return { gradientSteps: result.gradientSteps, metrics: () => this.metricsOf(result) };
    });
  }

  save(): Snapshot {
    return this.guard.attempt('save', () => {
      const snapshot = this.inner.save();
      this.guard.require(snapshotProblem('save', snapshot), snapshot);
      return snapshot;
    });
  }

  load(snapshot: Snapshot): void {
    this.guard.attempt('load', () => this.guard.requireOver('load', this.inner.load(snapshot)));
    this.learned = true;
  }

  dispose(): void {
    this.guard.release('dispose', () => this.guard.requireOver('dispose', this.inner.dispose()));
  }

  private metricsOf(result: UpdateResult): Metrics {
    return this.guard.attempt('metrics', () => {
      const metrics = result.metrics();
      this.guard.require(metricsProblem(metrics), metrics);
      return metrics;
    });
  }
}

class GuardedMetaAgent extends GuardedAgent<MetaAgent> implements MetaAgent {
  beginEpisode(): number {
    return this.guard.attempt('beginEpisode', () => this.inner.beginEpisode());
  }

  adapt(options: AdaptOptions): Adaptation {
    const { guard } = this;
    return guard.attempt('adapt', () => {
      const adaptation = this.inner.adapt(options);
      guard.require(adaptationProblem(adaptation), adaptation);
      return {
        beginEpisode: (how) =>
          guard.attempt('beginEpisode', () =>
            guard.requireOver('beginEpisode', adaptation.beginEpisode(how)),
          ),
        act: (observation, how) => guard.act(adaptation, observation, how, true),
        observe: (transition) =>
          guard.attempt('observe', () => guard.requireOver('observe', adaptation.observe(transition))),
        belief: () =>
          guard.attempt('belief', () => {
            const belief = adaptation.belief();
            guard.require(beliefProblem(belief), belief);
            return belief;
          }),
      };
    });
  }
}
