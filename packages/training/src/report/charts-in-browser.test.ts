import { openPage, type Page, requireBrowser } from '@maxent/browser-testing';
import { expect, test } from 'vitest';
import { htmlPage } from '../node/html-page.js';
import type { RunRow } from '../run-storage.js';
import { corridorConfig } from '../test-support/run-config.js';
import { reportPage } from './report-page.js';

const rows: RunRow[] = Array.from({ length: 40 }, (_, i): RunRow => {
  const step = (i + 1) * 1000;
  const values = { loss: i % 2 === 0 ? 1 : 3 };
  return { type: 'metrics', step, updates: step, values, wallSeconds: i, stepsPerSecond: 100 };
});
const page = htmlPage(reportPage({ config: corridorConfig(), rows, warnings: [] }));

const loss = (tab: Page) => tab.locator('figure', { has: tab.locator('h3', { hasText: /^loss$/ }) });
const valuesOf = (tab: Page) => loss(tab).locator('.values').textContent();
const paths = (tab: Page) => loss(tab).locator('.plot path').count();
const smoothed = async (tab: Page) => (await loss(tab).locator('.plot .raw').count()) > 0;
const firstTick = (tab: Page) => loss(tab).locator('.axis text[text-anchor="middle"]').first().textContent();

test('values are shown to mouse and keyboard, curves are zoomed and smoothed', async (context) => {
  requireBrowser(context);
  const { result, complaints } = await openPage(page, {}, async (tab) => {
    const chart = loss(tab).locator('svg.chart');
    await chart.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await chart.boundingBox())!;
    const at = (part: number) => [x + part * width, y + height / 2] as const;
    await tab.mouse.move(...at(0.5));
    const pointed = await valuesOf(tab);
    const before = await firstTick(tab);
    await tab.mouse.down();
    await tab.mouse.move(...at(0.6));
    await tab.mouse.move(...at(0.75));
    await tab.mouse.up();
    const zoomed = await firstTick(tab);
    await tab.locator('#whole').click();
    const reset = await firstTick(tab);
    await chart.focus();
    await tab.keyboard.press('End');
    const last = await chart.getAttribute('aria-valuetext');
    await tab.keyboard.press('ArrowLeft');
    const beforeLast = await chart.getAttribute('aria-valuetext');
    const smooth = await smoothed(tab);
    await tab.locator('#smoothing').fill('0');
    return { pointed, before, zoomed, reset, last, beforeLast, smooth, raw: !(await smoothed(tab)) };
  });
  expect(complaints).toEqual([]);
  expect(result).toMatchObject({ before: '0', zoomed: '20k', reset: '0', smooth: true, raw: true });
  expect(result.pointed).toMatch(/^at 20,000: 3, smoothed 2\.\d+$/);
  expect(result.last).toMatch(/^at 40,000: 3, smoothed 2\.\d+$/);
  expect(result.beforeLast).toMatch(/^at 39,000: 1, smoothed 1\.\d+$/);
});

test('touch shows values and lets the page scroll', async (context) => {
  requireBrowser(context);
  const { result } = await openPage(page, { size: [390, 800] }, async (tab) => {
    const chart = loss(tab).locator('svg.chart');
    await chart.scrollIntoViewIfNeeded();
    const { x, y, width } = (await chart.boundingBox())!;
    const touch = { pointerType: 'touch', clientX: x + width / 4, clientY: y + 20, button: 0, pointerId: 2 };
    await chart.dispatchEvent('pointerdown', touch);
    await chart.dispatchEvent('pointerleave', touch);
    const action = await tab.evaluate("getComputedStyle(document.querySelector('svg.chart')).touchAction");
    return { shown: await valuesOf(tab), action };
  });
  expect(result).toEqual({ shown: expect.stringMatching(/^at 10,000: 3/), action: 'pan-y' });
});

const views = [
  { size: [1280, 800], colorScheme: 'light', script: true },
  { size: [390, 800], colorScheme: 'dark', script: true },
  { size: [390, 800], colorScheme: 'light', script: false },
] as const;

test('is no wider than the window, without a script too', async (context) => {
  requireBrowser(context);
  for (const view of views) {
    const { result, complaints } = await openPage(page, view, async (tab) => {
      const box = (await loss(tab).locator('svg.chart').boundingBox())!;
      const whole = (await tab.locator('html').boundingBox())!;
      const label = (await loss(tab).locator('.axis text').last().boundingBox())!;
      const frame = (await loss(tab).boundingBox())!;
      return {
        drawn: box.width > 200 && box.height > 100,
        fits: whole.width <= view.size[0] && label.x + label.width < frame.x + frame.width,
        paths: await paths(tab),
        controls: await tab.locator('.controls').isVisible(),
      };
    });
    expect(complaints).toEqual([]);
    expect(result).toEqual({ drawn: true, fits: true, paths: 2, controls: view.script });
  }
}, 60_000);
