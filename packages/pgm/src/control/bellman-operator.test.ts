import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bellmanOperator } from './bellman-operator.js';
import { inferControl } from './infer-control.js';
import { randomMdp } from './test-support/random-mdp.js';

describe('bellmanOperator', () => {
  it('applied T times to 0 gives the values of every horizon up to T', () => {
    const inferences = fc.constantFrom('exact' as const, 'variational' as const, 'hard' as const);
    fc.assert(
      fc.property(randomMdp({ maxSize: 4, ending: true, forbidding: true }), inferences, (mdp, inference) => {
        const horizon = 5;
        const { V } = inferControl(mdp, { inference, horizon });
        const apply = bellmanOperator(mdp, { inference });
        const { stateCount } = mdp;
        let next = new Float64Array(stateCount);
        for (let t = horizon - 1; t >= 0; t--) {
          const out = new Float64Array(stateCount).fill(Number.NaN);
          apply(next, out);
          out.forEach((value, state) => {
            expect(value).toBeCloseTo(V[t * stateCount + state]!, 10);
          });
          next = out;
        }
      }),
    );
  });

  it('names an array of another size', () => {
    const mdp = fc.sample(randomMdp({ maxSize: 3 }), { numRuns: 1, seed: 1 })[0]!;
    const apply = bellmanOperator(mdp, { inference: 'variational' });
    const fits = new Float64Array(mdp.stateCount);
    const other = new Float64Array(mdp.stateCount + 1);
    expect(() => apply(other, fits)).toThrow(/^next: /);
    expect(() => apply(fits, other)).toThrow(/^out: /);
  });
});
