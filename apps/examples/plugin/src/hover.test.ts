import { checkEnvironment } from '@maxent/core/testing';
import { expect, it } from 'vitest';
import { Hover, hover } from './hover.js';
import { exactPilot, meanReturn } from './test-support/exact-pilot.js';

it('keeps every rule of the environment contract', async () => {
  // Narrow and windy enough that random flights end, so that the rules about an episode's end are tested too.
  const report = await checkEnvironment(() => new Hover(hover.options.parse({ range: 1, gust: 1 })));
  expect(report.skipped).toEqual([]);
});

/** One step from a height error of 1 m, climbing with 0.5 m/s, without wind. */
function stepFrom(options: Record<string, number>, power: number) {
  const environment = new Hover(hover.options.parse({ gust: 0, ...options }));
  environment.reset({ seed: 1 });
  environment.setState({
    ...environment.getState(),
    arrays: { state: { shape: [2], data: Float64Array.of(1, 0.5) } },
  });
  const { observation, reward, terminated } = environment.step(Float32Array.of(power));
  return [...observation, reward, terminated];
}

// Worked by hand: h' = 1 + 0.1 * 0.5, v' = 0.5 + 0.1 (4 u - 0.2 * 0.5), reward = -(1 + 0.1 * 0.25 + u^2) / 2.
it.each([
  ['full power', {}, 1, 1.05, 0.89, -1.0125, false],
  ['more than there is', {}, 3, 1.05, 0.89, -1.0125, false],
  ['half power down', {}, -0.5, 1.05, 0.29, -0.6375, false],
  ['getting lost', { range: 1.04 }, 0, 1.05, 0.49, -100.5125, true],
])('moves and rewards as documented: %s', (_, options, power, height, climb, reward, terminated) => {
  const found = stepFrom(options, power);
  expect(found.pop()).toBe(terminated);
  for (const [i, value] of [height, climb, reward].entries()) expect(found[i]).toBeCloseTo(value, 6);
});

it('rewards the exact policy more than any other gain', () => {
  const pilot = exactPilot({ discount: 1, temperature: 1e-3 });
  const best = meanReturn(pilot);
  for (const factor of [0.5, 0.8, 1.25, 2]) {
    expect(meanReturn((observation) => factor * pilot(observation))).toBeLessThan(best);
  }
  expect(best).toBeGreaterThan(meanReturn(() => 0) / 10);
});
