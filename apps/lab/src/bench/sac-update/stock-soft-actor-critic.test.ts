import { selectBackend } from '@maxent/backend';
import { copySnapshot } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { mean } from '../../statistics.js';
import { StockSoftActorCritic, stockBatch } from './stock-soft-actor-critic.js';
import { makeAgent, randomTransitions } from './workload.js';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

const sizes = { batchSize: 512, observationSize: 3, actionSize: 2, hiddenSizes: [32, 32] };

describe('StockSoftActorCritic', () => {
  it('is the algorithm that it is compared with', () => {
    // One transition fills the whole replay, so that both sides learn from the same batch; a large one, because the
    // noise still differs.
    const [transition] = randomTransitions(1, 5, sizes) as [ReturnType<typeof randomTransitions>[number]];
    const agent = makeAgent(sizes, 3);
    const stock = new StockSoftActorCritic(copySnapshot(agent.save()).arrays, sizes.actionSize);
    const batch = stockBatch(Array.from({ length: sizes.batchSize }, () => transition));
    const ours: Record<'criticLoss' | 'actorLoss', number>[] = [];
    const theirs: typeof ours = [];
    for (let i = 0; i < 100; i++) {
      agent.observe(transition);
      const { criticLoss, actorLoss } = agent.update().metrics();
      ours.push({ criticLoss: criticLoss!, actorLoss: actorLoss! });
      stock.update(batch);
      theirs.push(stock.readLosses());
    }
    for (const name of ['criticLoss', 'actorLoss'] as const) {
      for (const [from, to] of [
        [0, 10],
        [90, 100],
      ]) {
        const average = (losses: typeof ours) => mean(losses.slice(from, to).map((loss) => loss[name]));
        const scale = Math.max(...ours.map((loss) => Math.abs(loss[name])));
        expect(Math.abs(average(theirs) - average(ours)) / scale).toBeLessThan(0.02);
      }
    }
    // Learning changes what is compared, by far more than the tolerance.
    expect(ours.at(-1)!.criticLoss).toBeLessThan(0.7 * ours[0]!.criticLoss);
    agent.dispose();
  });

  it('holds the tensor count constant', () => {
    const agent = makeAgent(sizes, 3);
    const stock = new StockSoftActorCritic(agent.save().arrays, sizes.actionSize);
    agent.dispose();
    const batch = stockBatch(randomTransitions(sizes.batchSize, 5, sizes));
    stock.update(batch);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) stock.update(batch);
    expect(tf.memory().numTensors).toBe(before);
  });
});
