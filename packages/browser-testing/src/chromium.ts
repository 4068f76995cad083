import { existsSync } from 'node:fs';
import type { TestContext } from 'vitest';

export const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/**
 * Skips the test on a machine without a browser, and says why. Where MAXENT_REQUIRE_BROWSER is set, as in `.ci/run`,
 * the test fails instead: what could have been prepared must not be skipped.
 */
export function requireBrowser(context: TestContext): void {
  if (existsSync(chromiumPath)) return;
  const problem = `no browser at ${chromiumPath}; set CHROMIUM_PATH`;
  if (process.env.MAXENT_REQUIRE_BROWSER) throw new Error(problem);
  context.skip(problem);
}
