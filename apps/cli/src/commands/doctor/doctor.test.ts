import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { doctorAnswer } from './answer.js';

const directory = process.cwd();

test('shows the backend that was chosen, and checks it', async () => {
  const { exitCode, json } = await runInProcess(['doctor', '--backend', 'wasm', '--json'], { directory });
  expect(exitCode).toBe(0);
  const { backend, backends, selfCheck, versions } = doctorAnswer.parse(json);
  expect(backend).toMatchObject({ name: 'wasm', fused: true });
  expect(backends.map(({ name }) => name).sort()).toEqual(['cpu', 'native', 'wasm']);
  expect(versions.node).toBe(process.versions.node);
  expect(selfCheck.passed).toBe(true);
  // Sums in different orders: equal to the last bit would mean that one was compared with itself.
  expect(selfCheck.relativeError).toBeGreaterThan(0);
  expect(selfCheck.relativeError).toBeLessThan(1e-6);
});

test('says so for people', async () => {
  const { out } = await runInProcess(['doctor', '--backend', 'wasm'], { directory });
  expect(out).toMatch(/^chosen +wasm /m);
  expect(out).toMatch(/^self-check +passed: /m);
});
