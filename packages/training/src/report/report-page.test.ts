import { describe, expect, it, test } from 'vitest';
import { MemoryRunStorage } from '../memory-run-storage.js';
import { htmlPage } from '../node/html-page.js';
import type { RunRow } from '../run-storage.js';
import { corridorConfig } from '../test-support/run-config.js';
import { corridorRun } from '../test-support/runs.js';
import { train } from '../train.js';
import { type ReportedRun, reportPage } from './report-page.js';
import { metricSeries } from './series.js';

describe('report page', () => {
  it('shows curves, configuration and machine, and fetches nothing', async () => {
    const storage = new MemoryRunStorage();
    await train(corridorRun({ storage }));
    const config = corridorConfig({ environment: { id: 'Corridor <script>', options: { slip: 0.2 } } });
    const page = htmlPage(reportPage({ config, rows: storage.rows, warnings: ['line < 3'] }));
    for (const shown of [
      'Corridor &lt;script&gt;',
      'learningRate',
      '[8,8]',
      process.version,
      'temperature',
      'slip',
      'line &lt; 3',
    ]) {
      expect(page).toContain(shown);
    }
    expect(metricSeries(storage.rows).map(({ label }) => label)).toEqual([
      'loss',
      'temperature',
      'steps per second',
    ]);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/<link|src=|url\(|https?:\/\//);
    expect(page.slice(0, page.indexOf('<script>'))).not.toMatch(/NaN|undefined/);
  });

  it('counts the steps of a level on others as its own', () => {
    const page = (below: number) =>
      reportPage({
        config: corridorConfig({ level: { below, sees: { from: 2, to: 4 }, every: below + 1 } }),
        rows: [],
        warnings: [],
      }).body;
    expect(page(0)).toContain('of 1,000 environment steps');
    expect(page(1)).toContain('of 1,000 steps of the level');
    expect(page(1)).not.toContain('environment steps');
    expect(page(1)).toContain('<th scope="row">level.every</th><td>2</td>');
  });

  it('can be made before anything was recorded', () => {
    expect(reportPage({ config: corridorConfig(), rows: [], warnings: [] }).body).toContain(
      'nothing recorded yet',
    );
  });
});

describe('rows that are intact but odd', () => {
  const metrics = (step: number, loss: number): RunRow => {
    return {
      type: 'metrics',
      step,
      updates: 1,
      values: { loss, ['__proto__']: 1 },
      wallSeconds: 1,
      stepsPerSecond: 1,
    };
  };
  const evaluation = (step: number, value: number): RunRow => {
    return {
      type: 'evaluation',
      step,
      returnMean: value,
      returnStd: 0,
      episodes: 1,
      returns: [value],
      lengths: [1],
      wallSeconds: 1,
    };
  };
  const many = (step: (i: number) => number) => Array.from({ length: 400 }, (_, i) => metrics(step(i), i));
  it.each<[string, RunRow[]]>([
    ['all of one step', many(() => 5)],
    ['out of order', many((i) => (i === 0 ? 10_000 : i))],
    ['of steps beyond any run', [evaluation(2 ** 53 - 1, 1), evaluation(1, 2)]],
    [
      'of the largest numbers',
      [evaluation(1, 1.7e308), evaluation(2, -1.7e308), metrics(3, 1.7e308), metrics(4, -1.7e308)],
    ],
    [
      'of large numbers that differ in their last digits',
      [evaluation(1, 1e300), evaluation(2, 1e300 * (1 + 2 ** -52))],
    ],
    ['of the smallest numbers', [evaluation(1, 5e-324), evaluation(2, 0), metrics(3, 5e-324)]],
    ['of nothing', []],
  ])('%s are drawn without NaN', (_, rows) => {
    const { body, data } = reportPage({ config: corridorConfig(), rows, warnings: [] });
    expect(body + JSON.stringify(data)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

const LIMIT = 600_000;
const HOSTILE = `<script>alert("1")</script>'&`;

function metricsRow(step: number, values: Record<string, number>): RunRow {
  return { type: 'metrics', step, updates: step, values, wallSeconds: step / 1000, stepsPerSecond: 1000 };
}

/** A million steps: 1,000 rows of metrics, 5,000 episodes, 1,000 evaluations of 10 episodes. */
function longRun(metricCount: number): RunRow[] {
  const names = Array.from({ length: metricCount }, (_, i) => `someMetric${i}`);
  const wave = (i: number, k: number) => Math.sin(i / 7 + k) * 123.456789 + Math.cos(i * k) * 7;
  const rows: RunRow[] = [];
  for (let i = 1; i <= 1000; i++) {
    const step = i * 1000;
    rows.push(metricsRow(step, Object.fromEntries(names.map((name, k) => [name, wave(i, k)]))));
    for (let k = 0; k < 5; k++) {
      const at = step - 900 + 200 * k;
      rows.push({
        type: 'episode',
        step: at,
        return: wave(at, 3),
        length: 200,
        terminated: false,
        wallSeconds: i,
      });
    }
    const returns = Array.from({ length: 10 }, (_, k) => wave(i, k));
    const mean = returns.reduce((sum, value) => sum + value) / 10;
    const spread = { returnStd: 12.3456, episodes: 10, returns, lengths: returns.map(() => 200) };
    rows.push({ type: 'evaluation', step, returnMean: mean, ...spread, wallSeconds: i });
  }
  return rows;
}

const report = (given: Partial<ReportedRun>) =>
  htmlPage(reportPage({ config: corridorConfig(), rows: [], warnings: [], ...given }));

test('says what a metric means where its agent does, and nothing of another', () => {
  const rows = [metricsRow(1, { loss: 1, mystery: 2, ['__proto__']: 3 })];
  const page = report({ rows, metrics: { loss: 'Error of <b>Q</b>.' } });
  expect(page).toContain('<h3>loss</h3><p>Error of &lt;b&gt;Q&lt;/b&gt;.</p>');
  expect(page).toContain('<h3>mystery</h3></figcaption>');
  expect(page).toContain('<h3>steps per second</h3><p>Steps per second of wall-clock time');
});

test('escapes whatever a run calls its agent, environment, settings and metrics', () => {
  const rows: RunRow[] = [
    metricsRow(1, { [HOSTILE]: 1 }),
    { type: 'warning', step: 1, message: HOSTILE, wallSeconds: 1 },
  ];
  const page = report({
    config: corridorConfig({
      agent: { name: HOSTILE, config: { [HOSTILE]: HOSTILE } },
      environment: { id: HOSTILE, options: { [HOSTILE]: { [HOSTILE]: [HOSTILE] } } },
      provenance: { startedAt: HOSTILE, versions: { [HOSTILE]: HOSTILE }, machine: {} },
    }),
    rows,
    warnings: [HOSTILE],
    metrics: { [HOSTILE]: HOSTILE },
    best: { step: 1, runPath: `../${HOSTILE}`, folder: 'checkpoints/best-step-1', family: false },
    film: {
      step: 1,
      seed: 1,
      return: 1,
      length: 1,
      pictures: [
        { step: 0, svg: `<svg viewBox="0 0 1 1"><title>"'</title><text>&lt;script&gt;</text></svg>` },
      ],
    },
  });
  expect(page).not.toContain('<script>alert');
  expect(page.match(/<script/g)).toHaveLength(2);
  // Every attribute ends where it is meant to: no name of one follows a quote that came from the run.
  expect(page).not.toMatch(/"1"\)/);
});

test.each([3, 25, 400])('a long run with %i metrics is a page below 600 kB', (count) => {
  const svg = `<svg viewBox="0 0 100 100">${'<circle cx="1" cy="2" r="3"/>'.repeat(500)}</svg>`;
  const pictures = Array.from({ length: 13 }, (_, i) => ({ step: i, svg }));
  const page = report({ rows: longRun(count), film: { step: 1, seed: 1, return: 1, length: 13, pictures } });
  expect(Buffer.byteLength(page)).toBeLessThan(LIMIT);
  expect(page).toContain('The last 300 of 1,000 evaluations');
  expect(page).toContain('<img src="data:image/svg+xml,');
  expect(page.match(/<figure/g)).toHaveLength(1 + Math.min(60, count + 1));
  if (count === 400) expect(page).toContain('341 more metrics are in metrics.jsonl: ');
});

test('draws the same text for the same run', () => {
  const rows = longRun(2);
  expect(report({ rows })).toBe(report({ rows: structuredClone(rows) }));
});
