import { chromium } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import { complaintsOf } from './page.js';

/** What came of a visit to a page. */
export interface Visit<Result> {
  readonly result: Result;
  /** Errors of the page, and all that it wrote to the console as a warning or an error. */
  readonly complaints: readonly string[];
}

/** Opens a page in Chromium and waits for the promise in `window.result`. Rejects when that does. */
export async function visit<Result>(
  url: string,
  browserArguments: readonly string[],
): Promise<Visit<Result>> {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', ...browserArguments],
  });
  try {
    const tab = await browser.newPage();
    const complaints = complaintsOf(tab);
    await tab.goto(url);
    await tab.waitForFunction('window.result !== undefined');
    const result = (await tab.evaluate('window.result')) as Result;
    return { result, complaints };
  } finally {
    await browser.close();
  }
}
