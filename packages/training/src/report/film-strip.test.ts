import { svgProblem } from '@maxent/core';
import { expect, test } from 'vitest';
import { filmStripMarkup } from './film-strip.js';

const strip = (...svgs: string[]) =>
  filmStripMarkup({
    step: 5000,
    seed: 1,
    return: -12.34,
    length: 200,
    pictures: svgs.map((svg, i) => ({ step: i * 16, svg })),
  });

const sources = (markup: string) => [...markup.matchAll(/<img src="([^"]*)" alt="([^"]*)"/g)];

test('has each picture as a document of its own', () => {
  const svg = `<svg viewBox="0 0 10 10"><path id="a" fill="#f00" d="M0 0\nH5"/><text>50 % &amp; '"&lt;</text></svg>`;
  expect(svgProblem(svg)).toBeUndefined();
  const [first, second] = sources(strip(svg, svg));
  expect(second![2]).toBe('The environment after 16 of 200 steps');
  const [, document] = decodeURIComponent(first![1]!).match(/^data:image\/svg\+xml,([\s\S]*)$/)!;
  expect(document!.replace(/<style>.*<\/style>/, '').replace(' xmlns="http://www.w3.org/2000/svg"', '')).toBe(
    svg,
  );
  expect(document).toContain('prefers-color-scheme:dark');
});

test('leaves out every second picture until they fit', () => {
  const large = `<svg viewBox="0 0 10 10"><text>${'a'.repeat(40_000)}</text></svg>`;
  const shown = sources(strip(...Array(8).fill(large)));
  expect(shown.map(([, , alt]) => alt)).toEqual(
    [0, 64].map((step) => `The environment after ${step} of 200 steps`),
  );
});

test('is left out if not even one picture fits', () => {
  expect(strip(`<svg viewBox="0 0 10 10"><text>${'a'.repeat(200_000)}</text></svg>`)).toBe('');
});
