import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.js';

export type { Page } from 'playwright-core';

export interface PageView {
  /** Width and height of the window; default 1280 by 900. */
  readonly size?: readonly [width: number, height: number];
  readonly colorScheme?: 'light' | 'dark';
  /** Whether scripts run; default true. */
  readonly script?: boolean;
}

/** Fills up with the page's errors, and all that it writes to the console as a warning or an error. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}

/** Opens a self-contained page from a file, and does there what `use` does. */
export async function openPage<Result>(
  html: string,
  { size: [width, height] = [1280, 900], colorScheme = 'light', script = true }: PageView,
  use: (page: Page) => Promise<Result>,
): Promise<{ readonly result: Result; readonly complaints: readonly string[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'maxent-page-'));
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const file = join(directory, 'page.html');
    writeFileSync(file, html);
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme,
      javaScriptEnabled: script,
    });
    const complaints = complaintsOf(page);
    await page.goto(pathToFileURL(file).href);
    return { result: await use(page), complaints };
  } finally {
    await browser.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
