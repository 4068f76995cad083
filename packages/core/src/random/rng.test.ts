import { describe, expect, it } from 'vitest';
import { InvalidInputError, SnapshotMismatchError } from '../errors.js';
import { Rng } from './rng.js';

function draw(rng: Rng, count: number): number[] {
  return Array.from({ length: count }, () => rng.uint32());
}

describe('the numbers of a seed', () => {
  // These tables are what makes stored seeds and checkpoints mean the same in the next version.
  it('are these words', () => {
    expect(draw(Rng.fromSeed(0), 4)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(draw(Rng.fromSeed(42), 6)).toEqual([
      2632642643, 2012563771, 314527917, 1463989207, 4242219303, 1404726525,
    ]);
    expect(draw(Rng.fromSeed(2 ** 53 - 1), 2)).toEqual([1386848353, 2428247187]);
  });

  it('are these words in split streams', () => {
    const root = Rng.fromSeed(42);
    expect(draw(root.split('actor'), 2)).toEqual([4210057387, 2941591666]);
    expect(draw(root.split(7), 2)).toEqual([3536093826, 1873826690]);
    expect(draw(root.split('actor').split('noise'), 2)).toEqual([23883855, 1385676719]);
  });

  it('are these samples', () => {
    const rng = Rng.fromSeed(42);
    const sample = (next: () => number) => Array.from({ length: 4 }, next);
    expect(sample(() => rng.uniform())).toEqual([
      0.6129598801477738, 0.07323173687503892, 0.9877186516453577, 0.513906146990624,
    ]);
    expect(sample(() => rng.normal())).toEqual([
      1.4116073999758538, 1.004967079870258, 0.27438622675658336, -1.2295393820953129,
    ]);
    expect(sample(() => rng.exponential())).toEqual([
      1.3592143171977802, 0.20151076503209514, 0.5243932746848354, 0.2000707932838023,
    ]);
    expect(sample(() => rng.integer(1000))).toEqual([267, 25, 583, 216]);
    expect(sample(() => rng.categorical([1, 2, 3]))).toEqual([1, 1, 2, 2]);
    expect(rng.shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([6, 7, 5, 2, 4, 0, 3, 1]);
  });
});

describe('Rng.fromSeed', () => {
  it.each([-1, 0.5, 2 ** 53, Number.NaN, Infinity])('refuses %s', (seed) => {
    expect(() => Rng.fromSeed(seed)).toThrow(InvalidInputError);
  });

  it('keeps seeds apart that differ in the high word only', () => {
    expect(draw(Rng.fromSeed(5), 4)).not.toEqual(draw(Rng.fromSeed(5 + 2 ** 32), 4));
  });
});

describe('split', () => {
  it('depends on the name, not on what has been drawn', () => {
    const fresh = Rng.fromSeed(9);
    const used = Rng.fromSeed(9);
    draw(used, 5);
    expect(draw(used.split('a'), 8)).toEqual(draw(fresh.split('a'), 8));
  });

  it('leaves the parent alone', () => {
    const rng = Rng.fromSeed(9);
    rng.split('a').uint32();
    expect(draw(rng, 4)).toEqual(draw(Rng.fromSeed(9), 4));
  });

  it('gives every name, number and parent a key of its own', () => {
    const keys = new Set<string>();
    const add = (rng: Rng) => keys.add(rng.state().key.join());
    for (let seed = 0; seed < 20; seed++) {
      const root = Rng.fromSeed(seed);
      add(root);
      for (let i = 0; i < 500; i++) {
        add(root.split(i));
        add(root.split(String(i)));
        add(root.split(`environment ${i}`));
      }
    }
    expect(keys.size).toBe(20 * 1501);
  });

  it('gives streams that do not follow one another', () => {
    const root = Rng.fromSeed(3);
    const count = 20_000;
    const children = [root, root.split(0), root.split(1), root.split('0'), root.split(0).split(0)].map(
      (rng) => Array.from({ length: count }, () => rng.uniform() - 0.5),
    );
    children.forEach((a, i) => {
      for (const b of children.slice(i + 1)) {
        const product = a.reduce((sum, x, k) => sum + x * b[k]!, 0);
        // Standard deviation of the sum of products of independent uniforms: sqrt(count) / 12.
        expect(Math.abs(product)).toBeLessThan((4.5 * Math.sqrt(count)) / 12);
      }
    });
  });
});

describe('skip', () => {
  it.each([0, 1, 2, 3, 4, 5, 9, 100])('of %s words leaves the stream where drawing them does', (words) => {
    for (const before of [0, 1, 6]) {
      const [skipping, drawing] = [Rng.fromSeed(3), Rng.fromSeed(3)];
      for (const rng of [skipping, drawing]) draw(rng, before);
      skipping.skip(words);
      draw(drawing, words);
      expect(skipping.state()).toEqual(drawing.state());
      expect(draw(skipping, 5)).toEqual(draw(drawing, 5));
    }
  });
});

describe('state', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('goes on after %s words, through JSON', (drawn) => {
    const rng = Rng.fromSeed(77).split('part');
    draw(rng, drawn);
    const restored = Rng.fromState(JSON.parse(JSON.stringify(rng.state())));
    expect(restored.state()).toEqual(rng.state());
    expect(draw(restored, 9)).toEqual(draw(rng, 9));
    expect(draw(restored.split('child'), 2)).toEqual(draw(rng.split('child'), 2));
  });

  it('goes on where the counter needs its second word', () => {
    const drawn = 2 ** 34;
    const state = { algorithm: 'philox4x32-10', key: [1, 2] };
    const late = Rng.fromState({ ...state, drawn: drawn + 1 });
    const early = Rng.fromState({ ...state, drawn: drawn - 2 });
    expect(draw(early, 7).slice(3)).toEqual(draw(late, 4));
    expect(draw(Rng.fromState({ ...state, drawn: 0 }), 4)).not.toEqual(
      draw(Rng.fromState({ ...state, drawn }), 4),
    );
  });

  it.each([
    [undefined, 'rng.algorithm'],
    [{ algorithm: 'mt19937' }, 'rng.algorithm'],
    [{ algorithm: 'philox4x32-10', drawn: 0 }, 'rng.key'],
    [{ algorithm: 'philox4x32-10', key: [1, -1], drawn: 0 }, 'rng.key'],
    [{ algorithm: 'philox4x32-10', key: [1, 2, 3], drawn: 0 }, 'rng.key'],
    [{ algorithm: 'philox4x32-10', key: [1, 2], drawn: 0.5 }, 'rng.drawn'],
    [{ algorithm: 'philox4x32-10', key: [1, 2] }, 'rng.drawn'],
  ])('refuses %j', (state, field) => {
    expect(() => Rng.fromState(state)).toThrow(SnapshotMismatchError);
    expect(() => Rng.fromState(state)).toThrow(field);
  });
});
