// The kernels in a page: a bundle of one file, under a Content-Security-Policy that allows WebAssembly, and under one that
// does not.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireBrowser, visitSite } from '@maxent/browser-testing';
import { build } from 'esbuild';
import { expect, it, type TestContext } from 'vitest';
import type { HiddenMarkovModel } from '../index.js';

const STATES = 20;

/** A chain that stays with probability 1/2, and log-likelihoods of 600 observations. */
function problem(states: number): { model: HiddenMarkovModel; logLikelihoods: Float64Array } {
  const initial = new Float64Array(states).fill(1 / states);
  const transition = new Float64Array(states * states).fill(0.5 / states);
  for (let i = 0; i < states; i++) transition[i * states + i]! += 0.5;
  const logLikelihoods = Float64Array.from({ length: 600 * states }, (_, i) => -((i * 7919) % 101) / 7);
  return { model: { initial, transition }, logLikelihoods };
}

interface Result {
  readonly error: string | null;
  readonly instances: number;
  /** Whether the marginals before and after loading are equal to the last bit. */
  readonly same: boolean;
}

async function visit(context: TestContext, policy: string): Promise<Result> {
  requireBrowser(context);
  const program = `
    import { hmmSmooth } from '@maxent/pgm';
    import { loadKernels } from '@maxent/pgm/kernels';
    let instances = 0;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (...given) {
      instances++;
      return new Instance(...given);
    };
    ${problem}
    window.result = (async () => {
      const { model, logLikelihoods } = problem(${STATES});
      const plain = hmmSmooth(model, logLikelihoods).smoothed;
      let error = null;
      await loadKernels().catch((thrown) => { error = thrown.message; });
      const { smoothed } = hmmSmooth(model, logLikelihoods);
      return { error, instances, same: smoothed.every((probability, i) => probability === plain[i]) };
    })();`;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: dirname(fileURLToPath(import.meta.url)) },
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['@maxent/source'],
  });
  const { result } = await visitSite<Result>({ files: { '/main.js': outputFiles[0]!.text }, policy });
  expect(result.same).toBe(true);
  return result;
}

it('a page computes with kernels what it computes without', { timeout: 60_000 }, async (context) => {
  const { error, instances } = await visit(context, "script-src 'self' 'wasm-unsafe-eval'");
  expect(error).toBeNull();
  expect(instances).toBeGreaterThan(0);
});

it('a page that may not compile them computes without', { timeout: 60_000 }, async (context) => {
  const { error, instances } = await visit(context, "script-src 'self'");
  expect(error).toMatch(/forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src/);
  expect(instances).toBe(0);
});
