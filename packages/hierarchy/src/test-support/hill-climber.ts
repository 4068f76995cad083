import {
  type ActOptions,
  type AgentContext,
  type Box,
  type BoxArray,
  joinSnapshots,
  Rng,
  type Snapshot,
  splitSnapshot,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { FlowAgent } from '../flow-agent.js';
import { FlowPolicy } from '../flow-policy.js';
import { FrozenPolicy } from '../frozen-policy.js';
import { isLatentSpace } from '../latent-actions.js';

/**
 * Trains a flow policy without gradients, critics or replay: for each episode it tries a random step from its best
 * parameters, acts by the mode, and keeps the step if the return was higher.
 */
export class HillClimber implements FlowAgent {
  private readonly policy: FlowPolicy;
  private readonly actionSpace: Box;
  private frozen: FrozenPolicy;
  private best: Snapshot;
  private rng: Rng;
  private bestReturn: number | null = null;
  private episodeReturn = 0;

  constructor({ observationSpace, actionSpace, rng }: AgentContext) {
    this.actionSpace = actionSpace as Box;
    this.rng = rng.split('steps');
    this.policy = new FlowPolicy({
      observationSize: observationSpace.flatSize,
      actionSize: actionSpace.flatSize,
      hiddenSizes: [4],
      couplingLayers: 2,
      couplingHiddenSize: 4,
      maximumLogScale: 2,
      squashed: !isLatentSpace(actionSpace),
      rng: rng.split('policy'),
    });
    this.best = this.policy.save();
    this.frozen = this.freeze();
  }

  freeze(): FrozenPolicy {
    return FrozenPolicy.of(this.policy, this.actionSpace);
  }

  act(observation: Float32Array, _: ActOptions): BoxArray {
    return this.frozen.act(new Float32Array(this.frozen.latentSize), observation);
  }

  observe({ reward, terminated, truncated }: Transition): void {
    this.episodeReturn += reward;
    if (!terminated && !truncated) return;
    if (this.bestReturn === null || this.episodeReturn > this.bestReturn) {
      this.bestReturn = this.episodeReturn;
      this.best = this.policy.save();
    }
    this.episodeReturn = 0;
    this.policy.load(this.best);
    for (const variable of this.policy.variables) {
      const step = new Float32Array(variable.size);
      this.rng.fillNormal(step, 0, 0.1);
      tf.tidy(() => variable.assign(tf.add(variable, tf.tensor(step, variable.shape))));
    }
    this.refreeze();
  }

  update(): UpdateResult {
    return { gradientSteps: 0, metrics: () => ({}) };
  }

  save(): Snapshot {
    const { bestReturn, episodeReturn } = this;
    return joinSnapshots({
      policy: this.policy.save(),
      best: this.best,
      climb: { arrays: {}, metadata: { bestReturn, episodeReturn, rng: this.rng.state() } },
    });
  }

  load(snapshot: Snapshot): void {
    this.policy.load(splitSnapshot(snapshot, 'policy')!);
    this.best = splitSnapshot(snapshot, 'best')!;
    const { metadata } = splitSnapshot(snapshot, 'climb')!;
    this.bestReturn = metadata.bestReturn as number | null;
    this.episodeReturn = metadata.episodeReturn as number;
    this.rng = Rng.fromState(metadata.rng);
    this.refreeze();
  }

  dispose(): void {
    this.policy.dispose();
    this.frozen.dispose();
  }

  private refreeze(): void {
    this.frozen.dispose();
    this.frozen = this.freeze();
  }
}
