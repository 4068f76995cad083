import { inflateRawSync } from 'node:zlib';
import { Rng } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { ant } from '@maxent/mujoco';
import { expect, test } from 'vitest';
import { FILM_READER, filmOf, type PackedFilm, packFilm } from './film.js';

/** What the page shows of a film. */
function shown({ film, changes }: Pick<PackedFilm, 'film' | 'changes'>): string[] {
  const bytes = (text: string) => inflateRawSync(Buffer.from(text, 'base64'));
  const read = new Function('film', 'changes', FILM_READER) as (
    film: unknown,
    changes: Uint8Array,
  ) => { readonly count: number; at(picture: number): string };
  const pictures = read(JSON.parse(bytes(film).toString()), bytes(changes));
  return Array.from({ length: pictures.count }, (_, i) => pictures.at(i));
}

test('pictures come back as they were, whatever their numbers look like', () => {
  const pictures = [
    '<svg viewBox="0 0 10 10"><circle cx="1.25" cy="-3" fill="#009e73" r="0.50"/></svg>',
    '<svg viewBox="0 0 10 10"><circle cx="1.5" cy="-3.01" fill="#009e74" r="0.50"/></svg>',
    '<svg viewBox="0 0 10 10"><path d="M1 2L3.33 4Z"/><text>a1 1e5 -1.2340 &#65; 007</text></svg>',
    '<svg viewBox="0 0 10 10"><circle cx="0" cy="12345678901" fill="#1e9e73" r="0.25"/></svg>',
    '<svg viewBox="0 0 10 10"><path d="M10.5-2L-3 4Z"/><text>a2 1e6 12.5000 &#66; 008</text></svg>',
    '<svg viewBox="0 0 10 10"></svg>',
  ];
  expect(shown(packFilm(pictures, 1e6))).toEqual(pictures);
});

test('what pictures share is stored once, and what moves as small changes', () => {
  const pictures = Array.from({ length: 40 }, (_, i) => {
    const x = 200 + i * i;
    return `<svg viewBox="0 0 480 360"><rect width="480"/><path d="M${x} 20L${x + 7} 30"/>${i > 20 ? '<g/>' : ''}</svg>`;
  });
  const film = filmOf(pictures);
  expect(film.scenes).toHaveLength(2);
  expect(film.pieces.map(({ columns }) => columns.length)).toEqual([0, 0, 2, 0, 0]);
  // The second number moves as the first, so only its start is not 0.
  expect(film.pieces[2]!.columns[1]!.back).toBe(1);
  expect([...film.changes.slice(-40)].filter((change) => change !== 0)).toEqual([14]);
  expect(shown(packFilm(pictures, 1e6))).toEqual(pictures);
});

test('decimals finer than a millionth of the picture are left out', () => {
  const pictures = [1 / 3, 2 / 3, 5e-7].map((x) => `<svg viewBox="0 0 100 50"><circle cx="${x}"/></svg>`);
  const seen = ['0.3333', '0.6667', '0'];
  expect(shown(packFilm(pictures, 1e6))).toEqual(
    seen.map((x) => `<svg viewBox="0 0 100 50"><circle cx="${x}"/></svg>`),
  );
});

test('a film that is too long keeps every k-th picture', () => {
  const pictures = Array.from(
    { length: 300 },
    (_, i) => `<svg viewBox="0 0 ${i} ${(i * i * 7919) % 1000}"/>`,
  );
  const whole = packFilm(pictures, 1e6);
  expect(whole).toMatchObject({ every: 1, count: 300 });
  const part = packFilm(pictures, 500);
  expect(part.every).toBeGreaterThan(1);
  expect(part.count).toBe(Math.ceil(300 / part.every));
  expect(part.film.length + part.changes.length).toBeLessThanOrEqual(500);
  expect(shown(part)).toEqual(pictures.filter((_, i) => i % part.every === 0));
});

test('a film of a robot has the picture of every step, a thousand in 400 kB', async () => {
  const environment = await makeEnvironment(ant, { terminateWhenUnhealthy: false });
  const rng = Rng.fromSeed(1);
  environment.reset({ seed: 1 });
  const pictures = [await environment.render!()];
  for (let step = 0; step < 500; step++) {
    environment.step(environment.actionSpace.sample(rng));
    pictures.push(await environment.render!());
  }
  environment.close();
  const film = packFilm(pictures, 200_000);
  expect(film).toMatchObject({ every: 1, count: 501 });
  const back = shown(film);
  for (const i of [0, 250, 500]) expect(back[i]).toBe(pictures[i]);
});
