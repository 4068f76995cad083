import { describe, expect, it } from 'vitest';
import type { Environment, ResetOptions } from '../environment.js';
import type { BoxArray } from '../spaces/box.js';
import { Dict } from '../spaces/dict.js';
import { Discrete } from '../spaces/discrete.js';
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

  it('accepts a time limit that truncates, and finds one that does not', async () => {
    const limited = (ending: object) => () => {
      let steps = 0;
      const walk = new Walk();
      const step = walk.step.bind(walk);
      const reset = walk.reset.bind(walk);
      return Object.assign(walk, {
        getState: undefined,
        setState: undefined,
        reset: (options?: ResetOptions) => {
          steps = 0;
          return reset(options);
        },
        step: (action: BoxArray) => {
          const result = step(action);
          if (++steps !== 4 || result.terminated) return result;
          walk.running = false;
          return { ...result, ...ending };
        },
      }) as unknown as Environment;
    };
    const { passed } = await checkEnvironment(limited({ truncated: true }), { maxEpisodeSteps: 4 });
    expect(passed).toContain('episodes are truncated at their limit');
    await expect(checkEnvironment(limited({ terminated: true }), { maxEpisodeSteps: 4 })).rejects.toThrow(
      /truncated at their limit: step 4 of an episode returned terminated without truncated/,
    );
    await expect(checkEnvironment(() => new Walk(), { maxEpisodeSteps: 4 })).rejects.toThrow(
      /truncated at their limit: step 4 of an episode returned neither terminated nor truncated/,
    );
  });

  it('finds numbers that no seed governs', async () => {
    let drift = 0;
    const adrift = withResult((result) => {
      drift += 0.001;
      return { ...result, reward: result.reward + drift };
    });
    await expect(checkEnvironment(adrift)).rejects.toThrow(
      /equal seeds give equal episodes: a second environment diverged at event 1/,
    );
  });

  it('looks into the parts of a Dict', async () => {
    const dict = (change: (observation: BoxArray) => unknown) => () => {
      const walk = new Walk();
      const space = new Dict({ place: walk.observationSpace, side: new Discrete(2) });
      const show = ({ observation, ...rest }: { observation: BoxArray }) => ({
        ...rest,
        observation: { place: change(observation), side: observation[0]! < 0 ? 0 : 1 },
      });
      return {
        observationSpace: space,
        actionSpace: walk.actionSpace,
        reset: (options: ResetOptions) => show(walk.reset(options)),
        step: (action: BoxArray) => show(walk.step(action)),
        close: () => walk.close(),
      } as unknown as Environment;
    };
    await checkEnvironment(dict((place) => place));
    await expect(checkEnvironment(dict((place) => Float32Array.from(place)))).rejects.toThrow(
      'reset returned part "place": float32 where the space says float64',
    );
    await expect(checkEnvironment(dict(() => Float64Array.of(0, 0)))).rejects.toThrow(
      'part "place": expected a flat list of 1 number',
    );
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
      return Object.assign(walk, {
        getState: undefined,
        setState: undefined,
        render: undefined,
      }) as unknown as Environment;
    };
    const { skipped } = await checkEnvironment(stateless, { steps: 2 });
    expect(skipped).toEqual([
      { rule: 'step needs a running episode', reason: 'no episode ended within 2 steps' },
      { rule: 'getState and setState continue bit for bit', reason: 'the environment has neither method' },
      { rule: 'observe shows the state that was set', reason: 'the environment has no setState method' },
      {
        rule: 'pictures are SVG documents and change nothing',
        reason: 'the environment has no render method',
      },
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
