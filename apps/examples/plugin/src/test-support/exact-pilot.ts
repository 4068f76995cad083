import { solveStationaryLqr } from '@maxent/pgm';
import { Hover, hover } from '../hover.js';

const STEP = 0.1;

/**
 * The power of the best policy of `Hover-v0` at [height error, climb rate], ignoring bounds: u = -K x, by a Riccati
 * equation.
 */
export function exactPilot({
  discount,
  temperature,
}: {
  readonly discount: number;
  readonly temperature: number;
}): (observation: Float32Array) => number {
  const { thrust, drag, gust, effort } = hover.options.parse({});
  const { K } = solveStationaryLqr(
    {
      A: Float64Array.of(1, STEP, 0, 1 - STEP * drag),
      B: Float64Array.of(0, STEP * thrust),
      Q: Float64Array.of(1, 0, 0, 0.1),
      R: Float64Array.of(effort),
      noiseCovariance: Float64Array.of(0, 0, 0, gust ** 2),
    },
    { inference: 'variational', discount, temperature },
  );
  return ([height, climb]) => -(K[0]! * height! + K[1]! * climb!);
}

/** Mean return over 40 episodes of 50 steps, with the same winds for every pilot. */
export function meanReturn(pilot: (observation: Float32Array) => number): number {
  const environment = new Hover(hover.options.parse({}));
  let sum = 0;
  for (let episode = 0; episode < 40; episode++) {
    let { observation } = environment.reset({ seed: episode });
    for (let step = 0; step < 50; step++) {
      const result = environment.step(Float32Array.of(pilot(observation)));
      observation = result.observation;
      sum += result.reward / 40;
      if (result.terminated) break;
    }
  }
  return sum;
}
