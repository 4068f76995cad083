import type { TabularMdp } from '@maxent/core';
import type { BeliefModel, EmitOutcome } from './belief-model.js';
import { BeliefTable } from './belief-table.js';
import type { TaskMixture } from './task-prior.js';

/** What an agent may observe after an action, and how probable that is in each task. */
interface Observed {
  /** The next state, or `stateCount` when the episode ends there. */
  readonly state: number;
  readonly reward: number;
  /** The number of its likelihood. */
  readonly evidence: number;
}

/** Probabilities that differ by less are the same. */
const RESOLUTION = 2 ** -40;

/**
 * The posterior over finitely many tasks: b'(M) is proportional to b(M) times the probability in M of the next state,
 * the reward and whether the episode ends. Posteriors that differ by less than 1e-12 are one, so that the same evidence
 * in another order leads to the same belief; values are then off by no more than that times the range of returns.
 */
export class TaskMixtureModel implements BeliefModel {
  readonly stateCount: number;
  readonly actionCount: number;
  readonly beliefs: BeliefTable;
  readonly prior: number;
  readonly #tasks: readonly TabularMdp[];
  /** The probability of an observation in each task, for all the different ones. */
  readonly #likelihoods: BeliefTable;
  readonly #starts: readonly Observed[];
  /** By state and action, once asked for. */
  readonly #outcomes: (readonly Observed[] | undefined)[] = [];
  /** The next belief by evidence and belief. */
  readonly #updates: Map<number, number>[] = [];

  constructor({ tasks, prior }: Required<TaskMixture>) {
    this.#tasks = tasks;
    this.stateCount = tasks[0]!.stateCount;
    this.actionCount = tasks[0]!.actionCount;
    this.beliefs = new BeliefTable(tasks.length, (value) => Math.round(value / RESOLUTION));
    this.#likelihoods = new BeliefTable(tasks.length);
    this.prior = this.beliefs.intern(prior.slice());
    this.#starts = this.#collect((task, see) => {
      for (const [state, probability] of task.initial.entries()) see(probability, 0, state);
    });
  }

  begin(belief: number, emit: EmitOutcome): void {
    this.#emit(this.#starts, belief, emit);
  }

  act(_step: number, state: number, belief: number, action: number, emit: EmitOutcome): void {
    const row = state * this.actionCount + action;
    this.#outcomes[row] ??= this.#collect(({ transition, transitionReward, reward }, see) => {
      for (let i = transition.rowOffsets[row]!; i < transition.rowOffsets[row + 1]!; i++) {
        const paid = transitionReward === undefined ? reward[row]! : transitionReward[i]!;
        see(transition.values[i]!, paid, transition.columns[i]!);
      }
    });
    this.#emit(this.#outcomes[row], belief, emit);
  }

  #emit(outcomes: readonly Observed[], belief: number, emit: EmitOutcome): void {
    const weights = this.beliefs.row(belief);
    for (const { state, reward, evidence } of outcomes) {
      const likelihood = this.#likelihoods.row(evidence);
      let probability = 0;
      /** The likelihood in all tasks that are possible; NaN once two differ. */
      let common = -1;
      for (let k = 0; k < weights.length; k++) {
        if (weights[k] === 0) continue;
        probability += weights[k]! * likelihood[k]!;
        if (common === -1) common = likelihood[k]!;
        else if (common !== likelihood[k]!) common = Number.NaN;
      }
      // What is equally likely in all of them tells nothing.
      if (common > 0) emit(common, reward, state, belief);
      else if (probability > 0) emit(probability, reward, state, this.#update(belief, evidence, probability));
    }
  }

  #update(belief: number, evidence: number, probability: number): number {
    this.#updates[evidence] ??= new Map();
    const known = this.#updates[evidence].get(belief);
    if (known !== undefined) return known;
    const likelihood = this.#likelihoods.row(evidence);
    const weights = this.beliefs.row(belief);
    const posterior = new Float64Array(weights.length);
    for (let k = 0; k < weights.length; k++) posterior[k] = (weights[k]! * likelihood[k]!) / probability;
    const next = this.beliefs.intern(posterior);
    this.#updates[evidence].set(belief, next);
    return next;
  }

  /** What can be observed in any of the tasks; `observe` reports what can be in one. */
  #collect(
    observe: (task: TabularMdp, see: (probability: number, reward: number, next: number) => void) => void,
  ): Observed[] {
    const seen = new Map<string, { state: number; reward: number; likelihood: Float64Array }>();
    for (const [k, task] of this.#tasks.entries()) {
      observe(task, (probability, reward, next) => {
        if (probability === 0) return;
        const ends = task.terminal[next] === 1;
        // Where it ended tells about the task, although nothing more happens there.
        const key = `${next} ${reward} ${ends}`;
        let outcome = seen.get(key);
        if (outcome === undefined) {
          const state = ends ? this.stateCount : next;
          outcome = { state, reward, likelihood: new Float64Array(this.#tasks.length) };
          seen.set(key, outcome);
        }
        outcome.likelihood[k] = probability;
      });
    }
    return Array.from(seen.values(), ({ state, reward, likelihood }) => ({
      state,
      reward,
      evidence: this.#likelihoods.intern(likelihood),
    }));
  }
}
