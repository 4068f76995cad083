import type { TabularMdp } from '@maxent/core';
import { backwardPass } from '../control/backward-pass.js';
import { prepareValidControl } from '../control/control-options.js';
import { startMean } from '../control/infer-control.js';
import { type BayesAdaptiveOptions, prepareBayesAdaptive } from './bayes-adaptive-mdp.js';
import type { BeliefModel, EmitOutcome } from './belief-model.js';
import { bestArm } from './best-arm.js';
import { reachHyperStates } from './hyper-states.js';
import type { TaskPrior } from './task-prior.js';

/**
 * Returns the expected return over all episodes of posterior sampling (Thompson 1933; Strens 2000; in deep learning,
 * PEARL, Rakelly et al. 2019): each episode draws a task from the belief and acts optimally for it until the episode
 * ends, while the belief takes in what is observed. With `steps: 1` a bandit draws again for each pull.
 *
 * Among actions that are equally good in the drawn task it takes the lowest, as `inferControl` does. Never above the
 * Bayes-optimal value. Throws InvalidInputError that names the value at fault, and where its hyper-states would take
 * more than 2 GiB.
 */
export function posteriorSamplingValue(family: TaskPrior, options: BayesAdaptiveOptions): number {
  const { prior, model, horizon } = prepareBayesAdaptive(family, options);
  const sampling =
    'arms' in prior ? new SampledArm(model) : new SampledTask(model, prior.tasks, horizon.steps);
  return expectedReturnOf(reachHyperStates(sampling, horizon));
}

/** The expected return of a process with a single action, in which every state but the last leads to later ones. */
function expectedReturnOf(mdp: TabularMdp): number {
  const { stateCount, transition, reward } = mdp;
  const { rowOffsets, columns, values } = transition;
  const V = new Float64Array(stateCount);
  for (let state = stateCount - 2; state >= 0; state--) {
    let value = reward[state]!;
    for (let i = rowOffsets[state]!; i < rowOffsets[state + 1]!; i++) value += values[i]! * V[columns[i]!]!;
    V[state] = value;
  }
  return startMean(mdp, V);
}

/** Draws the task of an episode as part of its state, [tasks, states]; the only action is the one for that task. */
class SampledTask implements BeliefModel {
  readonly actionCount = 1;
  readonly stateCount: number;
  readonly beliefs: BeliefModel['beliefs'];
  readonly prior: number;
  /** The best actions in each task, [steps, states, actions], 1 for the one that is taken. */
  readonly #policies: readonly Float64Array[];

  constructor(
    private readonly model: BeliefModel,
    tasks: readonly TabularMdp[],
    steps: number,
  ) {
    this.stateCount = tasks.length * model.stateCount;
    this.beliefs = model.beliefs;
    this.prior = model.prior;
    this.#policies = tasks.map(
      (task) => backwardPass(prepareValidControl(task, { inference: 'hard' }), steps).policy,
    );
  }

  begin(belief: number, emit: EmitOutcome): void {
    this.model.begin(belief, (probability, reward, state, next) => {
      this.beliefs.row(next).forEach((weight, task) => {
        if (weight > 0) emit(probability * weight, reward, this.#stateOf(task, state), next);
      });
    });
  }

  act(step: number, state: number, belief: number, _: number, emit: EmitOutcome): void {
    const { stateCount, actionCount } = this.model;
    const task = Math.floor(state / stateCount);
    const own = state % stateCount;
    const from = (step * stateCount + own) * actionCount;
    const action = this.#policies[task]!.subarray(from, from + actionCount).indexOf(1);
    this.model.act(step, own, belief, action, (probability, reward, next, after) =>
      emit(probability, reward, this.#stateOf(task, next), after),
    );
  }

  #stateOf(task: number, state: number): number {
    const { stateCount } = this.model;
    return state === stateCount ? this.stateCount : task * stateCount + state;
  }
}

/** Draws all arms' probabilities at the start of an episode and pulls the arm that is best in the draw. */
class SampledArm implements BeliefModel {
  readonly actionCount = 1;
  readonly stateCount: number;
  readonly beliefs: BeliefModel['beliefs'];
  readonly prior: number;
  readonly #best: Float64Array[] = [];

  constructor(private readonly model: BeliefModel) {
    this.stateCount = model.actionCount;
    this.beliefs = model.beliefs;
    this.prior = model.prior;
  }

  begin(belief: number, emit: EmitOutcome): void {
    this.#best[belief] ??= bestArm(this.beliefs.row(belief)).probs;
    this.#best[belief].forEach((probability, arm) => {
      if (probability > 0) emit(probability, 0, arm, belief);
    });
  }

  act(step: number, arm: number, belief: number, _: number, emit: EmitOutcome): void {
    this.model.act(step, 0, belief, arm, (probability, reward, __, next) =>
      emit(probability, reward, arm, next),
    );
  }
}
