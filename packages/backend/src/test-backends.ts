// `@maxent/backend/testing`: which backends the tests of operations and of learning run on.
import type { BackendName } from './select-backend.js';

const requested = process.env.MAXENT_TEST_BACKEND as BackendName | undefined;

/**
 * Backends for tests of operations: cpu and wasm, which are always there, or the one named by MAXENT_TEST_BACKEND. A
 * test selects it by name, so where it cannot run the test fails with the reason instead of being skipped.
 */
export const testBackends: readonly BackendName[] = requested === undefined ? ['cpu', 'wasm'] : [requested];

/** The same backends, each with our own implementations of the operations and without where it has any. */
export const testVariants: readonly (readonly [backend: BackendName, fused: boolean])[] =
  testBackends.flatMap<readonly [BackendName, boolean]>((name) =>
    name === 'cpu'
      ? [['cpu', false]]
      : [
          [name, false],
          [name, true],
        ],
  );

/** The backend for tests of learning: wasm, or the one named by MAXENT_TEST_BACKEND. */
export const learningTestBackend: BackendName = requested ?? 'wasm';
