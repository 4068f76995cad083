import { readTensor, selectBackend } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it, vi } from 'vitest';
import { DiagonalNormal, klDivergence, TanhNormal } from './index.js';

beforeAll(async () => {
  await selectBackend({ prefer: 'wasm' });
});

async function secondCopy(): Promise<typeof import('./index.js')> {
  vi.resetModules();
  const copy = await import('./index.js');
  expect(copy.DiagonalNormal).not.toBe(DiagonalNormal);
  return copy;
}

const parameters = () => ({ mean: tf.tensor([0.5, -1]), std: tf.tensor([2, 0.5]) });
const standard = () => ({ mean: tf.tensor([0, 0]), std: tf.tensor([1, 1]) });

it('closed forms hold for distributions of two copies of the package', async () => {
  const copy = await secondCopy();
  const expected = readTensor(klDivergence(new DiagonalNormal(parameters()), new DiagonalNormal(standard())));
  const mixed = klDivergence(new copy.DiagonalNormal(parameters()), new DiagonalNormal(standard()));
  expect(readTensor(mixed)).toEqual(expected);
});

it('a squashed distribution takes a base of another copy', async () => {
  const copy = await secondCopy();
  const own = new TanhNormal(new DiagonalNormal(parameters()));
  const mixed = new TanhNormal(new copy.DiagonalNormal(parameters()));
  expect(mixed.eventShape).toEqual(own.eventShape);
  expect(readTensor(mixed.mode())).toEqual(readTensor(own.mode()));
});
