import { configDefaults, defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one line that a machine can read, and names the reason of every skip. */
const countingReporter: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const lines: string[] = [];
    for (const module of modules) {
      // A suite fails by itself when its collection or a hook does; its tests then never ran.
      for (const suite of [module, ...module.children.allSuites()]) {
        if (suite.errors().length > 0) {
          count.failed++;
          lines.push(`failed: ${suite.type === 'module' ? suite.moduleId : suite.fullName}`);
        }
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') count.passed++;
        else if (result.state === 'failed') count.failed++;
        else {
          count.skipped++;
          const reason = result.state === 'skipped' ? result.note : undefined;
          lines.push(`skipped: ${test.fullName}: ${reason ?? 'no reason given'}`);
        }
      }
    }
    lines.push(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
    process.stdout.write(`${lines.join('\n')}\n`);
  },
};

export default defineConfig({
  // Tests run on the sources of every package: nothing has to be built to try a change.
  resolve: { conditions: ['@maxent/source', 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['@maxent/source', 'module', 'node', 'development|production'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'apps/examples/{plugin,diayn}/src/**/*.test.ts',
    ],
    // Tests of what only the native backend has; `pnpm test:native` runs them.
    exclude: [
      ...configDefaults.exclude,
      ...(process.env.MAXENT_TEST_BACKEND === 'native' ? [] : ['**/*.native.test.ts']),
    ],
    // Tests that do not say otherwise must not depend on what is installed here or was measured before.
    // Every worker of vitest has a core: threads of one that spin would take it from another.
    env: {
      MAXENT_BACKEND: process.env.MAXENT_TEST_BACKEND ?? 'wasm',
      ...(process.env.MAXENT_TEST_BACKEND !== 'native' && { MAXENT_THREADS: '1' }),
    },
    pool: 'forks',
    // vitest leaves a core free unless told: on two cores that would be half of the machine.
    maxWorkers: '100%',
    // For the small networks of the tests, wasm is the fast backend.
    testTimeout: process.env.MAXENT_TEST_BACKEND === undefined ? 30_000 : 180_000,
    typecheck: {
      enabled: true,
      // The root tsconfig.json lists references only: with it the compiler would check nothing and all would pass.
      tsconfig: './tsconfig.type-tests.json',
      include: ['packages/*/src/**/*.test-d.ts'],
    },
    reporters: ['default', countingReporter],
  },
});
