import {
  Discrete,
  type Info,
  InvalidInputError,
  type Rng,
  type Snapshot,
  SnapshotMismatchError,
  type TabularMdp,
  validateTabularMdp,
} from '@maxent/core';
import { type Outcome, type PictureName, StateVectorEnvironment } from '../state-vector-environment.js';

/** What an agent sees of a state: one of `count` observations. */
export interface StateObservation {
  readonly count: number;
  readonly of: (state: number) => number;
}

/**
 * Samples episodes of a finite Markov decision process. Observations are state indices, unless `observation` says
 * otherwise, and actions are action indices; an episode terminates on arrival in a terminal state. Exact solvers can
 * read the process from `mdp`.
 */
export class TabularEnvironment<StepInfo extends Info = Info> extends StateVectorEnvironment<
  number,
  number,
  StepInfo
> {
  protected override readonly picture: PictureName = 'Tabular';
  readonly observationSpace: Discrete;
  readonly actionSpace: Discrete;
  readonly mdp: TabularMdp;

  /**
   * Throws InvalidInputError if the process is malformed, has a reward of -Infinity (which can be solved but not
   * learned from samples), or can start in a terminal state.
   */
  constructor(
    mdp: TabularMdp,
    private readonly observation?: StateObservation,
  ) {
    super(1);
    this.mdp = validateTabularMdp(mdp);
    requireFinite('reward', mdp.reward);
    if (mdp.transitionReward !== undefined) requireFinite('transitionReward', mdp.transitionReward);
    const ended = mdp.initial.findIndex((probability, state) => probability > 0 && mdp.terminal[state] === 1);
    if (ended !== -1) {
      throw new InvalidInputError(
        `initial[${ended}]`,
        'expected 0, because an episode cannot start in a terminal state',
      );
    }
    this.observationSpace = new Discrete(observation?.count ?? mdp.stateCount);
    this.actionSpace = new Discrete(mdp.actionCount);
  }

  override setState(snapshot: Snapshot): void {
    const index = snapshot.arrays.state?.data[0];
    const states = new Discrete(this.mdp.stateCount);
    if (!states.contains(index)) {
      throw new SnapshotMismatchError(
        `arrays.state: expected a state index of ${states.toString()}, got ${String(index)}`,
      );
    }
    super.setState(snapshot);
  }

  protected start(rng: Rng): void {
    this.state[0] = rng.categorical(this.mdp.initial);
  }

  protected advance(action: number, rng: Rng): Outcome {
    const { next, reward } = sampleTransition(this.mdp, this.state[0]!, action, rng);
    this.state[0] = next;
    return { reward, terminated: this.mdp.terminal[next] === 1 };
  }

  observe(): number {
    const state = this.state[0]!;
    return this.observation === undefined ? state : this.observation.of(state);
  }
}

/** Draws s' from p(s' | s, a), and the reward of that transition. */
export function sampleTransition(
  { actionCount, transition, reward, transitionReward }: TabularMdp,
  state: number,
  action: number,
  rng: Rng,
): { next: number; reward: number } {
  const pair = state * actionCount + action;
  const start = transition.rowOffsets[pair]!;
  const probs = transition.values.subarray(start, transition.rowOffsets[pair + 1]!);
  const entry = start + rng.categorical(probs);
  return {
    next: transition.columns[entry]!,
    reward: transitionReward === undefined ? reward[pair]! : transitionReward[entry]!,
  };
}

function requireFinite(field: string, values: Float64Array): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index !== -1) {
    throw new InvalidInputError(`${field}[${index}]`, `expected a finite number, got ${values[index]}`);
  }
}
