import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../..', import.meta.url));

/** Sources of the packages that contain agents, without tests. */
function sources(): { readonly path: string; readonly text: string }[] {
  return ['agents', 'meta', 'hierarchy'].flatMap((name) => {
    const root = join(packages, name, 'src');
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.test(-d)?\.ts$|test-support/.test(path))
      .map((path) => ({
        path: relative(packages, join(root, path)).replaceAll('\\', '/'),
        text: readFileSync(join(root, path), 'utf8'),
      }));
  });
}

/** Files outside `agents/learner` that match. */
function elsewhere(pattern: RegExp): string[] {
  return sources()
    .filter(({ path, text }) => !path.startsWith('agents/src/learner/') && pattern.test(text))
    .map(({ path }) => path);
}

/** A table learns in float64 from states that are not flattened: it reads transitions itself. */
const TABLE = 'agents/src/tabular-q/tabular-q-learning.ts';

describe('what agents share is defined in learner/ alone', () => {
  it.each<[string, RegExp, string[]]>([
    ['counters', /\b(observed|gradientSteps)(: number)? = 0;/, []],
    [
      'random streams',
      /split\('(exploration|replay|noise|collection|latent)'\)|Rng\.fromState|requireStream\(/,
      [],
    ],
    ['checks of transitions', /requireOutcome\(|encodeValue\([^)]*'observe: /, [TABLE]],
    ['buffers of rows', /new ReplayBuffer\(/, []],
    ['schedules', /observed [<>]=? |gradientStepsDue\(this|% trainEvery/, []],
    ['loading with roll-back', /const (networks)?[bB]efore = (this\.save|saveParts|joinSnapshots)/, []],
    ['reading of counters', /requireCounter\(snapshot/, []],
    ['running statistics', /RunningStatistics\(/, []],
    ['observation rows', /new ObservationRow\(/, []],
  ])('%s', (_, pattern, exceptions) => {
    expect(elsewhere(pattern)).toEqual(exceptions);
  });

  it('agents neither save nor load nor update by themselves', () => {
    const agents = sources().filter(({ text }) =>
      /extends (Learner|StatefulAgent|SoftActorCritic)\b/.test(text),
    );
    expect(agents.length).toBeGreaterThan(6);
    const own = agents.filter(
      ({ path, text }) =>
        !path.startsWith('agents/src/learner/') && /^ {2}(save|load|observe|dispose)\(/m.test(text),
    );
    expect(own.map(({ path }) => path)).toEqual([]);
  });
});
