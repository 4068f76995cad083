import { describeAddon, selectBackend } from '@maxent/backend';
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

test('compares the addon with the WebAssembly kernels, on the threads asked for', async (context) => {
  const { available } = describeAddon();
  const args = ['doctor', '--backend', 'wasm', '--kernels', 'addon', '--threads', '1'];
  if (!available) {
    const { exitCode, err } = await runInProcess(args, { directory });
    expect([exitCode, err]).toEqual([1, expect.stringContaining("the addon's kernels were asked for")]);
    return context.skip('the addon is absent');
  }
  const { exitCode, json } = await runInProcess([...args, '--json'], { directory });
  expect(exitCode).toBe(0);
  const { addon, backend, selfCheck } = doctorAnswer.parse(json);
  expect(addon.available).toBe(true);
  expect(backend).toMatchObject({ kernels: 'addon', rounding: 'fused', threads: 1 });
  const wasm = await selectBackend({ prefer: 'wasm', kernels: 'wasm' });
  const sameRounding = wasm.rounding === 'fused';
  expect(selfCheck.kernels).toMatchObject({ addon: backend.simd, wasm: wasm.simd, sameRounding });
  // One that is rounded otherwise and yet equal was not computed by other kernels.
  expect(selfCheck.kernels!.equal).toBe(sameRounding);
  expect(selfCheck.kernels!.relativeError > 0).toBe(!sameRounding);

  const { out } = await runInProcess(args, { directory });
  expect(out).toMatch(/^kernel addon +found: machine code for /m);
  expect(out).toMatch(/^kernels +machine code \(addon\), \w+, 1 thread; a multiply-add is rounded once/m);
  expect(out).toMatch(/\(addon\) and .*\(WebAssembly\) (give the same numbers: rounded alike|differ by )/);
});
