import type { ActionDistribution, DescribedActor, TrainablePolicy } from '@maxent/agents';
import type { Snapshot } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { actionsOf, type FlowPolicy } from './flow-policy.js';

/**
 * A trainable flow in front of frozen ones, as one policy over the actions of the lowest: a = f_0(... f_(K-1)(g(z; s);
 * s) ...; s), z ~ N(0, I), with log pi(a | s) = log N(z; 0, I) minus the sum of the log determinants of g and of all f_k.
 * A new g is the identity, so a new stack is the policy of the frozen flows. All flows read the same observations.
 *
 * Its parameters are those of g; the frozen flows stay the caller's.
 */
export class StackedFlowPolicy implements TrainablePolicy {
  /** @param below the frozen flows, the lowest first; at least one. */
  constructor(
    private readonly top: FlowPolicy,
    private readonly below: readonly FlowPolicy[],
  ) {}

  get variables(): readonly tf.Variable[] {
    return this.top.variables;
  }

  at(observations: tf.Tensor2D): ActionDistribution {
    const top = this.top.mapAt(observations);
    const frozen = this.below.map((flow) => flow.mapAt(observations));
    const shape: [number, number] = [observations.shape[0], this.top.actionSize];
    return actionsOf(
      (latents) => {
        const first = top(latents);
        return frozen.reduceRight(({ y, logDet }, map) => {
          const next = map(y);
          return { y: next.y, logDet: tf.add(logDet, next.logDet) };
        }, first);
      },
      shape,
      this.squashed,
    );
  }

  describe(part: string): DescribedActor {
    const described = [...this.below, this.top].map((flow, i) => flow.describeLevel(`${part}/level-${i}`));
    return {
      layers: [],
      head: {
        type: 'flow',
        levels: described.map(({ level }) => ({ ...level, sees: null, every: 1 })),
        squashed: this.squashed,
      },
      tensors: Object.assign({}, ...described.map(({ tensors }) => tensors)),
    };
  }

  save(): Snapshot {
    return this.top.save();
  }

  load(snapshot: Snapshot): void {
    this.top.load(snapshot);
  }

  dispose(): void {
    this.top.dispose();
  }

  private get squashed(): boolean {
    return this.below[0]!.design.squashed;
  }
}
