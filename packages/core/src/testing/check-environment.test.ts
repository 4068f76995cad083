import { describe, expect, it } from 'vitest';
import type { Environment } from '../environment.js';
import { checkEnvironment } from './check-environment.js';
import { ConformanceError } from './checklist.js';
import { BROKEN_ENVIRONMENTS, withResult } from './test-support/broken-environments.js';
import { Walk } from './test-support/walk.js';

describe('checkEnvironment', () => {
  it('accepts an environment that keeps the contract, every rule tried', async () => {
    const report = await checkEnvironment(() => new Walk(), { name: 'Walk' });
    expect(report.subject).toBe('Walk');
    expect(report.skipped).toEqual([]);
    const rules = new Set(BROKEN_ENVIRONMENTS.map(([rule]) => rule));
    expect(new Set(report.passed)).toEqual(rules);
  });

  it.each(BROKEN_ENVIRONMENTS)('finds a violation of "%s": %s', async (rule, message, make) => {
    const violated = await checkEnvironment(make, { name: 'broken' }).catch((error: unknown) => error);
    expect(violated).toBeInstanceOf(ConformanceError);
    const { violations } = violated as ConformanceError;
    expect(violations.map((violation) => violation.rule)).toEqual([rule]);
    expect(violations[0]!.problem).toContain(message);
  });

  it('lists every violation in its message', async () => {
    const nonsense = withResult((result) => ({
      ...result,
      reward: Infinity,
      observation: Float64Array.of(11),
    }));
    await expect(checkEnvironment(nonsense, { name: 'nonsense' })).rejects.toThrow(
      /^nonsense violates 2 rules:\n {2}- observations belong .*11.*\n {2}- rewards are finite.*Infinity/,
    );
  });

  it('says which rules it could not try', async () => {
    const stateless = () => {
      const walk = new Walk();
      return Object.assign(walk, { getState: undefined, setState: undefined }) as unknown as Environment;
    };
    const { skipped } = await checkEnvironment(stateless, { steps: 2 });
    expect(skipped).toEqual([
      { rule: 'step needs a running episode', reason: 'no episode ended within 2 steps' },
      { rule: 'getState and setState continue bit for bit', reason: 'the environment offers neither' },
      { rule: 'observe shows the state that was set', reason: 'the environment has no state to set' },
    ]);
  });

  it('expects nothing of seeds when told that nothing is random', async () => {
    const fixed = () =>
      new (class extends Walk {
        override reset() {
          return super.reset({ seed: 0 });
        }
      })();
    const { skipped } = await checkEnvironment(fixed, { deterministic: true });
    expect(skipped.map(({ rule }) => rule)).toEqual(['different seeds give different episodes']);
  });

  it('closes whatever it made', async () => {
    const made: Walk[] = [];
    await checkEnvironment(async () => {
      made.push(new Walk());
      return made[made.length - 1]!;
    });
    expect(made.length).toBeGreaterThan(10);
    expect(made.every(({ closed }) => closed)).toBe(true);
  });
});
