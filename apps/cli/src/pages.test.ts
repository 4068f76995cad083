// What every page must be, whatever it shows. `pnpm screenshots` runs this file too, and keeps what it sees.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openViewer, requireBrowser, VIEWS, type Viewer } from '@maxent/browser-testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PAGES, PageMaker } from './test-support/pages.js';

const { MAXENT_SCREENSHOTS: folder } = process.env;
let directory: string;
let maker: PageMaker;
let viewer: Viewer | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maxent-pages-'));
  maker = new PageMaker(directory);
  if (folder !== undefined) await mkdir(folder, { recursive: true });
});
afterAll(async () => {
  await viewer?.close();
  await rm(directory, { recursive: true, force: true });
});

test.for(Object.keys(PAGES))(
  '%s opens from a file, fetches nothing, fits, and is accessible, on a phone and a desk, light and dark',
  { timeout: 180_000 },
  async (name, context) => {
    requireBrowser(context);
    const path = await maker.make(name);
    expect((await stat(path)).size).toBeLessThan(600_000);
    viewer ??= await openViewer();
    const problems: unknown[] = [];
    for (const view of VIEWS) {
      const picture = folder && join(folder, `${name}-${view.width}-${view.scheme}.png`);
      problems.push({ ...view, ...(await viewer.look(path, view, picture)) });
    }
    const none = { requests: [], complaints: [], violations: [], overflow: 0 };
    expect(problems).toEqual(VIEWS.map((view) => ({ ...view, ...none })));
  },
);
