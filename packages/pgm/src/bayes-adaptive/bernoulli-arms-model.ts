import type { BeliefModel, EmitOutcome } from './belief-model.js';
import { BeliefTable } from './belief-table.js';
import type { BernoulliArms } from './task-prior.js';

/** The posterior of independent arms: alpha and beta of each, which grow by one with each success or failure. */
export class BernoulliArmsModel implements BeliefModel {
  readonly stateCount = 1;
  readonly actionCount: number;
  readonly beliefs: BeliefTable;
  readonly prior: number;

  constructor({ arms }: BernoulliArms) {
    this.actionCount = arms.length;
    this.beliefs = new BeliefTable(2 * arms.length);
    this.prior = this.beliefs.intern(Float64Array.from(arms.flatMap(({ alpha, beta }) => [alpha, beta])));
  }

  begin(belief: number, emit: EmitOutcome): void {
    emit(1, 0, 0, belief);
  }

  act(_step: number, state: number, belief: number, arm: number, emit: EmitOutcome): void {
    const counts = this.beliefs.row(belief);
    const [alpha, beta] = [counts[2 * arm]!, counts[2 * arm + 1]!];
    emit(alpha / (alpha + beta), 1, state, this.#counted(counts, 2 * arm));
    emit(beta / (alpha + beta), 0, state, this.#counted(counts, 2 * arm + 1));
  }

  #counted(counts: Float64Array, entry: number): number {
    const next = counts.slice();
    next[entry]! += 1;
    return this.beliefs.intern(next);
  }
}
