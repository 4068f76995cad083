import type { BeliefTable } from './belief-table.js';

/** Reports one possible outcome: the state and the belief that follow, by their numbers. */
export type EmitOutcome = (probability: number, reward: number, state: number, belief: number) => void;

/**
 * What is known of an unknown task, and how it changes. Probabilities are those of the agent: averages over tasks,
 * weighted by the belief. An outcome may be emitted in several parts.
 */
export interface BeliefModel {
  /** The state `stateCount` means that the episode has ended. */
  readonly stateCount: number;
  readonly actionCount: number;
  readonly beliefs: BeliefTable;
  /** The number of the belief before anything is observed. */
  readonly prior: number;
  /** Emits how an episode can begin, without rewards. */
  begin(belief: number, emit: EmitOutcome): void;
  /** Emits what an action can lead to at step `step` of an episode. */
  act(step: number, state: number, belief: number, action: number, emit: EmitOutcome): void;
}
