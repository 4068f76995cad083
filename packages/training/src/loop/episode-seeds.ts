import { Rng } from '@maxent/core';
import type { EpisodeSeed } from './run-environments.js';

/** How the training and evaluation episodes of a run start. */
export class EpisodeSeeds {
  private readonly training: Rng;
  private readonly evaluations: Rng;

  constructor(seed: number) {
    const root = Rng.fromSeed(seed).split('training');
    this.training = root.split('episode');
    this.evaluations = root.split('evaluation');
  }

  /** A further environment has a stream of its own, so the episodes of the others do not depend on it. */
  readonly ofTraining: EpisodeSeed = (environment, episode) => {
    const starts = environment === 0 ? this.training : this.training.split(`environment ${environment}`);
    return starts.split(episode).uint32();
  };

  /** The seed of the evaluation at a step. */
  ofEvaluation(step: number): number {
    return this.evaluations.split(step).uint32();
  }
}
