import { type AgentPart, describeNetworks, joinParts, networkPart } from '@maxent/agents';
import type { Snapshot } from '@maxent/core';
import { Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Beliefs, priorBeliefs } from '../beliefs.js';
import type { ContextEncoder, ContextEncoderOptions, DescribedEncoder } from './context-encoder.js';

/** Each head can look for something different in the context. */
const HEADS = 4;

/**
 * An encoder that does not treat transitions as independent factors: a network gives every transition a value and, for
 * each of four heads, a score; a softmax over the scores of all transitions weighs the values (attention pooling with
 * learned queries, Lee et al. 2019, "Set Transformer", section 3.2), and a second network turns the weighted sums, and
 * the logarithm of the number of transitions, into the mean and the softplus of a raw variance. So the meaning of one
 * transition can depend on the others, but the encoder must learn that more transitions make the belief sharper.
 */
export class AttentionEncoder implements ContextEncoder {
  private readonly transitionNetwork: Mlp;
  private readonly beliefNetwork: Mlp;
  private readonly latentSize: number;
  private readonly valueSize: number;
  private readonly parts: Required<AgentPart>;

  constructor({ rowSize, hiddenSizes, latentSize, rng }: ContextEncoderOptions) {
    this.latentSize = latentSize;
    this.valueSize = hiddenSizes.at(-1) ?? rowSize;
    this.transitionNetwork = new Mlp({
      inputSize: rowSize,
      hiddenSizes,
      outputSize: HEADS + this.valueSize,
      rng: rng.split('transitions'),
    });
    this.beliefNetwork = new Mlp({
      inputSize: HEADS * this.valueSize + 1,
      hiddenSizes: [this.valueSize],
      outputSize: 2 * latentSize,
      rng: rng.split('belief'),
    });
    this.parts = joinParts('attention encoder', {
      transitions: networkPart(this.transitionNetwork),
      belief: networkPart(this.beliefNetwork),
    });
  }

  get variables(): readonly tf.Variable[] {
    return [this.transitionNetwork.parameters, this.beliefNetwork.parameters];
  }

  infer(context: tf.Tensor3D): Beliefs {
    const { latentSize, valueSize } = this;
    const [tasks, transitions, rowSize] = context.shape;
    if (transitions === 0) return priorBeliefs(tasks, latentSize);
    const rows = this.transitionNetwork.apply(tf.reshape(context, [tasks * transitions, rowSize]));
    const [scores, values] = tf.split(
      tf.reshape(rows, [tasks, transitions, HEADS + valueSize]),
      [HEADS, valueSize],
      2,
    );
    const weights = tf.softmax(tf.transpose(scores!, [0, 2, 1]));
    const pooled = tf.reshape(tf.matMul(weights, values!), [tasks, HEADS * valueSize]);
    const count = tf.fill([tasks, 1], Math.log(transitions));
    const head = this.beliefNetwork.apply(tf.concat([pooled, count], 1) as tf.Tensor2D);
    const [mean, raw] = tf.split(head, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return { mean, variance: tf.softplus(raw) };
  }

  describe(part: string): DescribedEncoder {
    const transitions = describeNetworks(`${part}/transitions`, this.transitionNetwork);
    const belief = describeNetworks(`${part}/belief`, this.beliefNetwork);
    return {
      encoder: {
        type: 'attention',
        layers: transitions.networks[0]!,
        heads: HEADS,
        belief: belief.networks[0]!,
      },
      tensors: { ...transitions.tensors, ...belief.tensors },
    };
  }

  save(): Snapshot {
    return this.parts.save();
  }

  load(snapshot: Snapshot): void {
    this.parts.load(snapshot);
  }

  dispose(): void {
    this.parts.dispose();
  }
}
