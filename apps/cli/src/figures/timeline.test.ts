import { requireBrowser, visitSite } from '@maxent/browser-testing';
import { expect, test } from 'vitest';
import type { CellsFigure, Figure } from './figure.js';
import { linesOverTime } from './over-time.js';
import { figurePage } from './page.js';
import { colorOf, RAMP } from './ramp.js';
import { spread } from './story.js';

/** A corridor of a wall, two cells and a goal, at two times. */
const film: CellsFigure = {
  kind: 'cells',
  title: 'V and policy',
  rows: 1,
  columns: 4,
  values: Float64Array.of(0, 1, 2, 0),
  probabilities: false,
  range: [1, 5],
  world: {
    grid: {
      rows: 1,
      columns: 4,
      moves: [
        [0, -1],
        [0, 1],
      ],
      tiles: '#.SG',
    },
    terminal: Uint8Array.of(1, 0, 0, 1),
    policy: Float64Array.of(0.5, 0.5, 0.25, 0.75, 0, 1, 0.5, 0.5),
  },
  film: {
    times: [0, 7],
    values: Float64Array.of(0, 1, 2, 0, 0, 5, -Infinity, 0),
    policy: Float64Array.of(0.5, 0.5, 0.25, 0.75, 0, 1, 0.5, 0.5, 0.5, 0.5, 1, 0, 0.5, 0.5, 0.5, 0.5),
  },
};
const chart = linesOverTime('y', [
  {
    label: 'y',
    points: [
      { x: 0, y: 1 },
      { x: 7, y: 2 },
    ],
    shape: 'points',
  },
]);

const page = (figures: readonly Figure[]) =>
  figurePage('<corridor>', [], figures, {
    formulas: [['V < Q', '"a & b"']],
    timeline: { times: [0, 7], readout: [{ name: 'observation', at: (t) => `</script>${t}` }] },
  });

test('text is escaped, in the data of the script as well', () => {
  const html = page([film]);
  expect(html).toContain('<h1>&lt;corridor&gt;</h1>');
  expect(html).toContain('<dt>V &lt; Q</dt><dd>&quot;a &amp; b&quot;</dd>');
  expect(html.match(/<\/script>/g)).toHaveLength(2);
});

test('a page without a time has no script', () => {
  expect(figurePage('plain', [], [chart], { formulas: [] })).not.toContain('<script');
});

test('the slider shows another time', async (context) => {
  requireBrowser(context);
  const main = `
    document.documentElement.innerHTML = ${JSON.stringify(page([film, chart]))};
    const script = document.createElement('script');
    script.textContent = document.querySelector('script:not([type])').textContent;
    document.body.append(script);
    const slider = document.getElementById('time');
    const look = () => ({
      fills: [...document.querySelectorAll('.c')].map((cell) => cell.getAttribute('fill')),
      numbers: [...document.querySelectorAll('.n')].map((text) => text.textContent),
      titles: [...document.querySelectorAll('.c title')].map((title) => title.textContent),
      arrows: [...document.querySelectorAll('.a')].map((arrow) => arrow.getAttribute('transform').match(/scale.*/)[0]),
      cursors: [...document.querySelectorAll('svg[data-frame] > line:last-child')].map((line) => line.getAttribute('x1')),
      time: document.getElementById('shown').textContent,
      readout: document.querySelector('#readout td:last-child').textContent,
      hidden: document.querySelector('.time').hidden,
    });
    const before = look();
    slider.value = 1;
    slider.dispatchEvent(new Event('input'));
    window.result = Promise.resolve({ before, after: look() });`;
  const { result, complaints } = await visitSite<Record<'before' | 'after', Record<string, unknown>>>({
    files: { '/main.js': main, '/favicon.ico': '' },
  });
  expect(complaints).toEqual([]);
  const { before, after } = result;
  expect(before).toMatchObject({ time: 't = 0', readout: '</script>0', hidden: false });
  expect(before.arrows).toEqual(['scale(0.25)', 'scale(0.75)', 'scale(0)', 'scale(1)']);
  expect(after).toMatchObject({ time: 't = 7', readout: '</script>7' });
  expect(after.fills).toEqual(['#E4E7EB', colorOf(1), colorOf(0), '#E4E7EB']);
  expect(after.numbers).toEqual(['0', '5', '-\u221e', '0']);
  expect((after.titles as string[])[1]).toBe('state 1: 5');
  expect(after.arrows).toEqual(['scale(1)', 'scale(0)', 'scale(0.5)', 'scale(0.5)']);
  expect(after.cursors).not.toEqual(before.cursors);
});

test('a page of large worlds stays below 600 kB', () => {
  const [rows, columns] = [60, 60];
  const cells = rows * columns;
  const tiles = Array.from({ length: cells }, (_, i) => (i % 7 === 0 ? '#' : '.')).join('');
  const grid = {
    rows,
    columns,
    moves: [
      [0, -1],
      [0, 1],
    ] as const,
    tiles,
  };
  const values = Float64Array.from({ length: 2 * cells }, (_, i) => Math.sin(i));
  const policy = new Float64Array(4 * cells).fill(0.5);
  const large: CellsFigure = {
    ...{ kind: 'cells', title: 'V', rows, columns, probabilities: false, values: values.subarray(0, cells) },
    world: { grid, terminal: new Uint8Array(cells), policy },
    film: { times: [0, 7], values, policy },
  };
  const html = page([large, large, large]);
  expect(html.length).toBeLessThan(600_000);
  expect(html).toContain('V at t = 0');
  expect(html).not.toContain('<script');
});

test('walls and goals are told apart without color', () => {
  const svg = page([film]);
  expect(svg.match(/<circle [^>]*pointer-events="none"/g)).toHaveLength(2);
  expect(svg.match(/<path d="M[^"]*Z"/g)).toHaveLength(1);
});

test('shades have even steps of lightness', () => {
  const lightness = RAMP.map(lightnessOf);
  const steps = lightness.slice(1).map((l, i) => lightness[i]! - l);
  for (const step of steps) expect(step).toBeCloseTo((lightness[0]! - lightness.at(-1)!) / steps.length, 2);
});

/** Lightness in OKLab (Ottosson 2020). */
function lightnessOf(color: readonly [number, number, number]): number {
  const [r, g, b] = color.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return (
    0.2104542553 * Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!) +
    0.793617785 * Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!) -
    0.0040720468 * Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!)
  );
}

test('a slider has the first and the last time', () => {
  expect(spread(5, 10)).toEqual([0, 1, 2, 3, 4]);
  const times = spread(1000, 7);
  expect([times.length, times[0], times.at(-1)]).toEqual([7, 0, 999]);
});
