import type { TabularMdp } from '@maxent/core';
import { evaluatePolicy, expectedReturn, inferControl } from '@maxent/pgm';

/** Computes in float64 what DIAYN estimates, for p(z) uniform over the policies given. */

/** [states, actions], or [T, states, actions] if it changes over time. */
type Policy = Float64Array;

/** The process in which arriving in state s' pays `pay[s']`. */
function payingOnArrival(mdp: TabularMdp, pay: ArrayLike<number>): TabularMdp {
  const { rowCount, rowOffsets, columns, values } = mdp.transition;
  const reward = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++)
      reward[row]! += values[i]! * pay[columns[i]!]!;
  }
  const { transitionReward: _, ...rest } = mdp;
  return { ...rest, reward };
}

/** rho(s) = (1 / T) sum_{t = 1..T} P(s_t = s), [states]; the start does not count. */
export function occupancyOf(mdp: TabularMdp, policy: Policy, horizon: number): Float64Array {
  return Float64Array.from({ length: mdp.stateCount }, (_, state) => {
    const here = Array.from({ length: mdp.stateCount }, (__, other) => Number(other === state));
    return expectedReturn(payingOnArrival(mdp, here), policy, { horizon }) / horizon;
  });
}

/** q*(z | s) = rho_z(s) / sum_z' rho_z'(s) for each skill; uniform where no skill goes. */
export function bestGuesses(occupancies: readonly Float64Array[]): Float64Array[] {
  const total = occupancies[0]!.map((_, state) => occupancies.reduce((sum, rho) => sum + rho[state]!, 0));
  return occupancies.map((rho) =>
    rho.map((mass, state) => (total[state] === 0 ? 1 / occupancies.length : mass / total[state]!)),
  );
}

/** I(Z; S) in nats, of states drawn from the skills' occupancies. */
export function mutualInformation(occupancies: readonly Float64Array[]): number {
  const skills = occupancies.length;
  const guesses = bestGuesses(occupancies);
  let sum = 0;
  occupancies.forEach((rho, skill) => {
    rho.forEach((mass, state) => {
      if (mass > 0) sum += mass * Math.log(guesses[skill]![state]! * skills);
    });
  });
  return sum / skills;
}

export interface Skills {
  readonly mdp: TabularMdp;
  /** One for each skill. */
  readonly policies: readonly Policy[];
  /** T, the steps of an episode. */
  readonly horizon: number;
}

/** E[log q(z | s) - log p(z)] over the states that skills arrive in; `guesses[z][s]` is q(z | s). */
export function informationBound(
  { mdp, policies, horizon }: Skills,
  guesses: readonly ArrayLike<number>[],
): number {
  const returns = policies.map((policy, skill) =>
    expectedReturn(payingOnArrival(mdp, rewardsOf(guesses, skill)), policy, { horizon }),
  );
  return returns.reduce((sum, value) => sum + value, 0) / (horizon * policies.length);
}

/** E_s KL(p(z | s) || q(z | s)), which is what a discriminator lacks: I(Z; S) minus its bound. */
export function divergence(
  occupancies: readonly Float64Array[],
  guesses: readonly ArrayLike<number>[],
): number {
  const posterior = bestGuesses(occupancies);
  let sum = 0;
  occupancies.forEach((rho, skill) => {
    rho.forEach((mass, state) => {
      if (mass > 0) sum += mass * Math.log(posterior[skill]![state]! / guesses[skill]![state]!);
    });
  });
  return sum / occupancies.length;
}

export interface SoftSkills {
  readonly policies: readonly Policy[];
  /** I(Z; S) + temperature H[A | S, Z], per step. */
  readonly objective: number;
}

/**
 * DIAYN without sampling or approximation: with q* of the current policies as the reward, each skill gets the best soft
 * policy of the finite horizon, and so on. Returns the skills before each round. Neither half of a round can lower the
 * objective.
 */
export function exactSkills(
  skills: Skills,
  { temperature, rounds }: { temperature: number; rounds: number },
) {
  const { mdp, horizon } = skills;
  let { policies } = skills;
  return Array.from({ length: rounds }, (): SoftSkills => {
    const before = policies;
    const guesses = bestGuesses(before.map((policy) => occupancyOf(mdp, policy, horizon)));
    const worlds = guesses.map((_, skill) => payingOnArrival(mdp, rewardsOf(guesses, skill)));
    const values = worlds.map((world, skill) => {
      const { V } = evaluatePolicy(world, before[skill]!, { horizon, temperature });
      return mdp.initial.reduce((sum, probability, state) => sum + probability * V[state]!, 0);
    });
    policies = worlds.map(
      (world) => inferControl(world, { inference: 'variational', horizon, temperature }).policy,
    );
    return {
      policies: before,
      objective: values.reduce((sum, value) => sum + value, 0) / (horizon * values.length),
    };
  });
}

/** r_z(s) = log q(z | s) - log p(z), [states]. */
function rewardsOf(guesses: readonly ArrayLike<number>[], skill: number): number[] {
  return Array.from(guesses[skill]!, (probability) => Math.log(probability * guesses.length));
}

/** The policy that takes `action(state)`, [states, actions]. */
export function choosing({ stateCount, actionCount }: TabularMdp, action: (state: number) => number): Policy {
  const policy = new Float64Array(stateCount * actionCount);
  for (let state = 0; state < stateCount; state++) policy[state * actionCount + action(state)] = 1;
  return policy;
}
