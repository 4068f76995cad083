import { describe, expect, it } from 'vitest';
import { htmlPage } from '../node/html-page.js';
import { type ComparedRunChange, comparedRun } from '../test-support/compared-run.js';
import { compareRuns } from './comparison.js';
import { comparisonPage, type ReportedComparison } from './comparison-page.js';

/** The text of a page's body, without markup. */
const textOf = (markup: string) =>
  markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#160;/g, ' ')
    .replace(/\s+/g, ' ');

const page = (...compared: Parameters<typeof compareRuns<ReportedComparison>>) =>
  comparisonPage(compareRuns(...compared));
const body = (...compared: Parameters<typeof page>) => textOf(page(...compared).body);

const fast: ComparedRunChange = { rate: 2 };
const [a, b, c] = [comparedRun('a', [1, 2]), comparedRun('b', [3, 6]), comparedRun('c', [5, 9], fast)];

describe('a page that compares runs', () => {
  it('says what is compared, which group is highest and how sure that is', () => {
    const { title, subtitle } = page([a, b, c]);
    expect([title, subtitle]).toEqual([
      'tabular on Corridor, compared',
      '3 runs in 2 groups; runs in a group differ only in their seed',
    ]);
    expect(body([a, b, c])).toContain(
      'Highest return at step 20: rate 2, seed 99, with 9 against 4 of the next. Each of its runs is above those of the other group. With so few runs, others may come out differently.',
    );
    expect(body([a, b, comparedRun('c', [5, 5], fast)])).toContain('Runs of both groups overlap.');
    expect(body([a, comparedRun('c', [5, 2], fast)])).toContain(
      'The highest return at step 20, 2, is shared by several groups.',
    );
    expect(body([a, b])).not.toContain('ighest return at');
  });

  it('compares intervals where all groups have one', () => {
    const group = (first: number, change: ComparedRunChange) =>
      [0, 1, 2, 3, 4].map((i) => comparedRun(`r${i}`, [first + i], { ...change, seed: i }));
    expect(body([...group(0, {}), ...group(50, fast)])).toContain(
      'Its 95 % interval lies above those of the other group.',
    );
    const overlapping = body([...group(0, {}), ...group(1, fast)]);
    expect(overlapping).toContain('overlaps with others, so more seeds may change the order');
    expect(overlapping).toMatch(/rate 1, 5 seeds 2 95 % interval 0\.\d+ to 3\.\d+ /);
  });

  it('says what a number means with few runs', () => {
    const said = body([a, b, c]);
    expect(said).toContain('rate 1, 2 seeds 4 2 runs, 2 to 6; too few for an interval');
    expect(said).toContain('rate 2, seed 99 9 one run, no interval');
    expect(said).toContain('rate 1, 2 seeds (band: lowest to highest run)');
    expect(said).toContain('rate 2, seed 99 (one run, no band)');
    expect(body([a, b])).toContain('Band: lowest to highest run. ');
  });

  it('has steps to a threshold if there is one', () => {
    expect(body([a, b, c])).not.toContain('Steps to');
    const said = body([a, b, c], 6);
    expect(said).toContain('Steps to a return of 6');
    expect(said).toContain('not reached reached by 1 of 2 runs');
    expect(said).toMatch(/20 reached by 1 of 1 run /);
    expect(body([a, b], 1)).toContain('10 median; reached by 2 of 2 runs');
  });

  it('draws profiles if a group has several runs', () => {
    expect(page([a, b, c]).data.charts).toHaveLength(2);
    expect(body([a, b, c])).toContain('Performance profiles at step 20');
    expect(page([a, c]).data.charts).toHaveLength(1);
  });

  it('lists every run with a link to its report', () => {
    const { body: markup } = page([{ ...a, report: 'runs/a%20b/report.html' }, b]);
    expect(markup).toContain('<a href="runs/a%20b/report.html">a</a>');
    expect(textOf(markup)).toContain('b tabular, 2 seeds 98 6 4.5 ');
  });

  it('tells of a later evaluation that does not count yet', () => {
    expect(body([a, b])).not.toContain('Last evaluation');
    expect(body([a, comparedRun('b', [3, 6, 7])])).toMatch(/b .* 6 4\.5 7 at step 30/);
  });

  it('compares one run with nothing, and runs of several agents', () => {
    expect(body([a])).toContain('2 one run, no interval');
    const other = { agent: { name: 'other', config: {} } };
    expect(page([a, comparedRun('b', [1], { config: other })]).title).toBe('Agents on Corridor, compared');
  });
});

describe('what a reader must know first', () => {
  it.each<[string, ReportedComparison[], string]>([
    ['damage', [{ ...a, warnings: ['line 3 is damaged'] }], 'a: line 3 is damaged'],
    [
      'runs of other lengths',
      [a, b, comparedRun('c', [5, 9, 9, 9])],
      'Runs are compared at step 20, the last evaluation of a and b; the longest go on to step 40. To compare those, leave the short ones out.',
    ],
    ['a run that has not begun', [a, comparedRun('z', [])], 'z has no evaluation yet, and is only listed.'],
    [
      'other steps',
      [a, comparedRun('d', [1, 2], { every: 14 })],
      'd was not evaluated at step 20: the last evaluation before it counts.',
    ],
    [
      'a late start',
      [a, comparedRun('d', [1, 2], { every: 30 })],
      'd was first evaluated after that, and so not compared.',
    ],
    [
      'copies',
      [a, { ...a, name: 'copy' }],
      'a and copy have the same settings and seed 97. If they are copies of one run, leave all but one out',
    ],
  ])('is told: %s', (_, runs, notice) => {
    expect(page(runs).body).toContain('class="warning"');
    expect(body(runs)).toContain(notice);
  });

  it('is nothing if there is nothing', () => {
    expect(page([a, b, c]).body).not.toContain('class="warning"');
  });

  it('is all there is if no run has an evaluation', () => {
    const said = body([comparedRun('a', []), comparedRun('b', [])], 5);
    expect(said).toContain('a and b have no evaluation yet, and are only listed.');
    expect(said).toContain('nothing recorded yet');
    expect(said).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the document', () => {
  it('shows names, settings and warnings as text, whatever they hold', () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'\u001b';
    const config = {
      agent: { name: evil, config: { [evil]: evil } },
      environment: { id: evil, options: { [evil]: 1 } },
    };
    const html = htmlPage(
      page([
        { ...comparedRun(evil, [1, 2], { config }), warnings: [evil], report: `"><script>` },
        comparedRun('b', [1], { config: { ...config, agent: { name: evil, config: { [evil]: 2 } } } }),
      ]),
    );
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('"><script>');
    expect(html).not.toContain('\u001b');
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  it('stays below 600 kB for 80 runs in 40 groups with 300 evaluations each', () => {
    const returns = Array.from({ length: 300 }, (_, i) => Math.sin(i) * 1234.56789);
    const runs = Array.from({ length: 80 }, (_, i) =>
      comparedRun(
        `runs/some-directory/run-${i}`,
        returns.map((value) => value + i),
        { rate: i % 40, seed: i },
      ),
    );
    expect(htmlPage(page(runs, 100)).length).toBeLessThan(600_000);
  });

  it.each<[string, number[]]>([
    ['the largest numbers', [1.7e308, -1.7e308]],
    ['the smallest', [5e-324, 0]],
    ['equal ones', [3, 3]],
  ])('draws %s', (_, returns) => {
    const runs = ['a', 'b', 'c', 'd', 'e'].map((name) => comparedRun(name, returns));
    const { body, data } = page(runs, 1);
    expect(body + JSON.stringify(data)).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});
