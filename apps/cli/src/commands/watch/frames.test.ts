import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { filmOf, packFilm } from './frames.js';

/** What the page's script does with a film. */
function shown({ forms, pictures }: ReturnType<typeof filmOf>): string[] {
  const last: number[][] = forms.map(() => []);
  return pictures.map(([form, ...changes]) => {
    last[form!] = changes.map((change, i) => (last[form!]![i] ?? 0) + change);
    return forms[form!]!.map((text, i) => text + (i < changes.length ? last[form!]![i]! / 100 : '')).join('');
  });
}

test('pictures come back as they were, whatever their numbers look like', () => {
  const pictures = [
    '<svg viewBox="0 0 10 10"><circle cx="1.25" cy="-3" fill="#009e73" r="0.50"/></svg>',
    '<svg viewBox="0 0 10 10"><circle cx="1.5" cy="-3.01" fill="#009e73" r="0.50"/></svg>',
    '<svg viewBox="0 0 10 10"><path d="M1 2L3.33 4Z"/><text>a1 1e5 1.234 &#65; 007</text></svg>',
    '<svg viewBox="0 0 10 10"><circle cx="0" cy="0" fill="#009e73" r="0.50"/></svg>',
  ];
  const film = filmOf(pictures);
  expect(shown(film)).toEqual(pictures);
  expect(film.forms).toHaveLength(2);
  expect(film.pictures[1]!.filter((change) => change !== 0)).toEqual([25, -1]);
});

test('a film that is too long keeps every k-th picture', () => {
  const pictures = Array.from(
    { length: 300 },
    (_, i) => `<svg viewBox="0 0 ${i} ${(i * i * 7919) % 1000}"/>`,
  );
  const whole = packFilm(pictures, 1e6);
  expect(whole).toMatchObject({ every: 1, count: 300 });
  const part = packFilm(pictures, 700);
  expect(part.every).toBeGreaterThan(1);
  expect(part.count).toBe(Math.ceil(300 / part.every));
  expect(part.film.length).toBeLessThanOrEqual(700);
  const film = JSON.parse(inflateRawSync(Buffer.from(part.film, 'base64')).toString());
  expect(shown(film)).toEqual(pictures.filter((_, i) => i % part.every === 0));
});
