// The agents in a real browser, without any configuration.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBrowserApp, requireBrowser } from '@maxent/browser-testing';
import { afterAll, expect, test } from 'vitest';
import { agentsPlugin } from './plugin.js';
import { type Exercise, exerciseAgents } from './test-support/exercise-agents.js';

const sources = dirname(fileURLToPath(import.meta.url));

const app = makeBrowserApp<Exercise>({
  packageDirectory: dirname(sources),
  program: `
    import { exerciseAgents } from ${JSON.stringify(join(sources, 'test-support/exercise-agents.ts'))};
    window.result = exerciseAgents();
  `,
});
afterAll(() => app.remove());

test('every agent learns in Chromium what it learns in Node', { timeout: 120_000 }, async (context) => {
  requireBrowser(context);
  const { result, complaints } = await app.build();
  expect(complaints).toEqual([]);
  expect(result.report).toMatchObject({ name: 'wasm', fused: true });
  const { agents } = await exerciseAgents();
  expect(Object.keys(result.agents)).toEqual(agentsPlugin.agents!.map(({ name }) => name));
  for (const [name, here] of Object.entries(agents)) {
    const there = result.agents[name]!;
    expect(there.gradientSteps, name).toBe(here.gradientSteps);
    expect(there.gradientSteps, name).toBeGreaterThan(20);
    // Node and Chromium may have different versions of V8, whose exponentials differ in the last bit.
    for (const numbers of ['metrics', 'action'] as const) {
      expect(there[numbers], name).toHaveLength(here[numbers].length);
      here[numbers].forEach((value, i) => {
        expect(there[numbers][i], name).toBeCloseTo(value, 4);
      });
    }
  }
});
