import { openPage, type Page, requireBrowser } from '@maxent/browser-testing';
import { expect, test } from 'vitest';
import { htmlPage } from '../node/html-page.js';
import { comparedRun } from '../test-support/compared-run.js';
import { compareRuns } from './comparison.js';
import { comparisonPage } from './comparison-page.js';

const long = 'runs/of-a-directory-with-a-name-that-is-long/'.repeat(3);
const page = htmlPage(
  comparisonPage(
    compareRuns([
      comparedRun('a', [1, 2, 3]),
      comparedRun(`b${long}`, [3, 6, 5]),
      comparedRun('c', [5, 9, 8], { rate: 2 }),
    ]),
  ),
);

const values = (tab: Page, chart: number) => tab.locator('.values').nth(chart).textContent();

test('values have the names of their groups', async (context) => {
  requireBrowser(context);
  const { result, complaints } = await openPage(page, {}, async (tab) => {
    const charts = tab.locator('svg.chart');
    await charts.nth(0).focus();
    await tab.keyboard.press('End');
    const learned = await values(tab, 0);
    await charts.nth(1).focus();
    await tab.keyboard.press('Home');
    return { learned, profile: await values(tab, 1), smoothing: await tab.locator('#smoothing').isVisible() };
  });
  expect(complaints).toEqual([]);
  expect(result).toEqual({
    learned: 'at 30: rate 1, 2 seeds 4 (3 to 5); rate 2, seed 99 8',
    profile: 'at 3: rate 1, 2 seeds 1; rate 2, seed 99 1',
    smoothing: false,
  });
});

test.for([
  { size: [1280, 800], colorScheme: 'light', script: true },
  { size: [390, 800], colorScheme: 'dark', script: false },
] as const)('is no wider than the window: %j', async (view, context) => {
  requireBrowser(context);
  const { result, complaints } = await openPage(page, view, async (tab) => ({
    width: (await tab.locator('html').boundingBox())!.width,
    table: (await tab.locator('table').first().boundingBox())!.width < view.size[0],
    named: await tab.locator('td[data-name]').first().getAttribute('data-name'),
  }));
  expect(complaints).toEqual([]);
  expect(result).toEqual({ width: view.size[0], table: true, named: 'Return at step 30' });
});
