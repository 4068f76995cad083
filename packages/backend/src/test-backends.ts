// `@maxent/backend/testing`: which backends the tests of operations and of learning run on, and a watch on the kernels.
import type { BackendName } from './select-backend.js';

export { type KernelProfile, peakMultiplyAdds, profileKernels } from './kernels/profile-kernels.js';

const requested = process.env.MAXENT_TEST_BACKEND as BackendName | undefined;

/**
 * Backends for tests of operations: cpu and wasm, which always exist, or the one named by MAXENT_TEST_BACKEND. A test
 * selects it by name, so if it cannot run the test fails with the reason instead of being skipped.
 */
export const testBackends: readonly BackendName[] = requested === undefined ? ['cpu', 'wasm'] : [requested];

/** The same backends, each without our own implementations of the operations and, if it has any, also with them. */
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
