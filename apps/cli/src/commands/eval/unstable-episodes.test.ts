import { expect, test } from 'vitest';
import { faultyPlugin } from '../../test-support/faulty-plugin.js';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';

test('episodes of an unstable simulation are warned of and counted by train, eval and adapt', async () => {
  const directory = await temporaryDirectory();
  const environment = `
    step(a) {
      const result = super.step(a);
      return this.steps === 2 ? { ...result, truncated: true, info: { instability: 'BADQACC' } } : result;
    }`;
  const plugin = await faultyPlugin(directory, { environment });
  const run = (...args: string[]) => runInProcess([...args, '--plugin', plugin, '--json'], { directory });
  const few = ['--steps', '20', '--eval-every', '10', '--eval-episodes', '3'];

  const trained = await run('train', 'walker', '--env', 'Walk-v0', ...few, '--out', 'run');
  expect(trained.err).toMatch(
    /warning: environment "Walk-v0" of plugin "faulty": .* unstable at environment step 2 \(BADQACC\)/,
  );
  expect(trained.err.match(/unstable in 3 of the evaluation episodes/g)).toHaveLength(1);
  expect(trained.json.evaluations).toMatchObject([{ unstableEpisodes: 3 }, { unstableEpisodes: 3 }]);

  const evaluated = await run('eval', 'run', '--episodes', '2');
  expect(evaluated.json).toMatchObject({ lengths: [2, 2], unstableEpisodes: 2 });
  expect(evaluated.err).toContain('warning: 2 of 2 episodes ended because the simulation became unstable');

  const learned = await run('train', 'walker', '--family', 'Walks', ...few, '--out', 'tasks');
  expect(learned.err).toMatch(/warning: task family "Walks" of plugin "faulty", task .* unstable at env/);
  const adapted = await run('adapt', 'tasks', '--task', 'test:0', '--episodes', '2');
  expect(adapted.json.episodes).toMatchObject([{ unstable: true }, { unstable: true }]);
  expect(adapted.err).toContain('2 of 2 episodes ended because the simulation became unstable');
});
