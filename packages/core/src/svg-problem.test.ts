import { expect, it } from 'vitest';
import { svgProblem } from './svg-problem.js';

const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">${inside}</svg>`;

it.each([
  '',
  '<g><circle r="1"/></g>',
  "<text x='1'>a &amp; b &#60; c</text>",
  '<rect fill="var(--maxent-sky,#fff)"/>\n',
  '<path fill="url(#hatch)"/>',
])('accepts %s', (inside) => {
  expect(svgProblem(svg(inside))).toBeUndefined();
});

it.each([
  ['<g>', '</svg> closes <g>'],
  ['</svg>', '</svg> closes nothing'],
  ['a & b', 'not an entity'],
  ['<rect x="1" x="2"/>', 'twice'],
  ['<rect x=1/>', 'not a tag'],
  ['<rect title="a & b"/>', 'not an entity'],
  ['<script>1</script>', 'script'],
  ['<SCRIPT>1</SCRIPT>', 'SCRIPT'],
  ['<rect onclick="1"/>', 'onclick'],
  ['<use href="https://example.com/#a"/>', 'use'],
  ['<rect fill="url(https://example.com)"/>', 'url'],
  ['<rect style="fill:red"/>', 'style'],
  ['<animate attributeName="href"/>', 'animate'],
  ['<!-- a -->', 'not a tag'],
  ['<!DOCTYPE svg>', 'not a tag'],
])('refuses %s', (inside, problem) => {
  expect(svgProblem(svg(inside))).toContain(problem);
});

it('refuses what is not one svg element', () => {
  expect(svgProblem('picture')).toContain('outside');
  expect(svgProblem('')).toContain('0 svg elements');
  expect(svgProblem('<g viewBox="0 0 1 1"/>')).toContain('<g>');
  expect(svgProblem('<svg width="1"/>')).toContain('viewBox');
  expect(svgProblem(svg('') + svg(''))).toContain('2 svg elements');
  expect(svgProblem(svg('').slice(0, -6))).toContain('not closed');
});
