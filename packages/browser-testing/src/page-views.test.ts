import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { requireBrowser } from './chromium.js';
import { openViewer } from './page-views.js';

test('says what a page asks for, complains of, leaves unreadable and does not fit', async (context) => {
  requireBrowser(context);
  const directory = await mkdtemp(join(tmpdir(), 'maxent-view-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'page.html');
  await writeFile(
    file,
    `<!doctype html><html lang="en"><title>Faults</title><main><h1>Faults</h1>
      <style>@media (prefers-color-scheme: dark) { p { color: #ddd; background: #fff } }</style>
      <p>Pale in the dark</p><div style="width: 500px">Wide</div><img src="missing.png" alt="A picture"></main>
      <script>console.error('something is wrong')</script>`,
  );
  const viewer = await openViewer();
  onTestFinished(() => viewer.close());
  const dark = await viewer.look(file, { width: 390, scheme: 'dark' });
  expect(dark.requests).toEqual([expect.stringMatching(/^file:.*missing\.png$/)]);
  expect(dark.complaints).toContain('something is wrong');
  expect(dark.violations).toEqual([expect.stringMatching(/^color-contrast: .*Pale in the dark/)]);
  expect(dark.overflow).toBeGreaterThan(100);
  const light = await viewer.look(file, { width: 1280, scheme: 'light' });
  expect([light.violations, light.overflow]).toEqual([[], 0]);
});
