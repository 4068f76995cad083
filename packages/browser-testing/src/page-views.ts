import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import { complaintsOf } from './page.js';

/** Who looks at a page: on a phone or a desk, in a light or a dark scheme. */
export interface View {
  readonly width: 390 | 1280;
  readonly scheme: 'light' | 'dark';
}

export const VIEWS: readonly View[] = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

/** What is wrong with a page in one view; nothing if all lists are empty. */
export interface ViewProblems {
  /** Addresses that it asked for, other than its own file. */
  readonly requests: readonly string[];
  /** Errors, and all that it wrote to the console as a warning or an error. */
  readonly complaints: readonly string[];
  /** What axe-core calls serious or critical: the rule, what it asks for, and the first places. */
  readonly violations: readonly string[];
  /** By how many pixels it is wider than the screen. */
  readonly overflow: number;
}

/** Chromium, to look at pages that are files. */
export interface Viewer {
  /** Opens a file as a page, and says what is wrong with it. With a path, also saves a picture of all of it as PNG. */
  look(file: string, view: View, picture?: string): Promise<ViewProblems>;
  close(): Promise<void>;
}

export async function openViewer(): Promise<Viewer> {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  return {
    look: (file, view, picture) => look(browser, file, view, picture),
    close: () => browser.close(),
  };
}

async function look(
  browser: Browser,
  file: string,
  { width, scheme }: View,
  picture: string | undefined,
): Promise<ViewProblems> {
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({
    viewport: { width, height: 844 },
    colorScheme: scheme,
    // What moves by itself would look different each time.
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url());
    });
    const complaints = complaintsOf(page);
    await page.goto(url);
    await page.evaluate(SETTLED);
    if (picture !== undefined) await page.screenshot({ path: picture, fullPage: true });
    // As the debugger does, because the page's policy allows no other scripts.
    await page.evaluate(readFileSync(AXE, 'utf8'));
    const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults;
    const overflow = (await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )) as number;
    return { requests, complaints, violations: violations.filter(isGrave).map(described), overflow };
  } finally {
    await context.close();
  }
}

/** Scripts that unpack what they show are done when nothing has changed for a while. */
const SETTLED = `new Promise((resolve) => {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(resolve, 150);
  };
  new MutationObserver(wait).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  wait();
})`;

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

type Violation = AxeResults['violations'][number];

function isGrave({ impact }: Violation): boolean {
  return impact === 'serious' || impact === 'critical';
}

function described({ id, help, nodes }: Violation): string {
  const places = nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 200)} (${any[0]?.message ?? ''})`);
  return `${id}: ${help}: ${places.join('; ')}`;
}
