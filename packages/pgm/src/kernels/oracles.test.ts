// The tests of the exact answers, once more with kernels for problems of any size.
import { afterAll, expect } from 'vitest';
import { loadKernelsForAll } from './test-support/kernels-for-all.js';

const uses = loadKernelsForAll();
afterAll(() => {
  for (const [name, count] of Object.entries(uses)) expect(count, name).toBeGreaterThan(10);
});

await import('../control/average-reward.test.js');
await import('../control/bellman-operator.test.js');
await import('../control/enumeration.test.js');
await import('../control/fixed-point.test.js');
await import('../control/infer-control.test.js');
await import('../control/near-one.test.js');
await import('../control/policy-evaluation.test.js');
await import('../control/properties.test.js');
await import('../control/reference-cases.test.js');
await import('../control/solve-tabular.test.js');
await import('../hmm/enumeration.test.js');
await import('../hmm/extremes.test.js');
await import('../hmm/fit.test.js');
await import('../hmm/known-cases.test.js');
await import('../hmm/parity.test.js');
await import('../hmm/properties.test.js');
await import('../lgssm/dense-joint.test.js');
await import('../lgssm/fit.test.js');
await import('../lgssm/kalman-filter.test.js');
await import('../lgssm/numerical-hygiene.test.js');
await import('../lgssm/parity.test.js');
