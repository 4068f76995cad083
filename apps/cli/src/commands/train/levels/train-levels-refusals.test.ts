import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from '../../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../../test-support/temporary-directory.js';
import { trainAnswer } from '../answer.js';

const settings = [
  ...['--eval-episodes', '1', '--eval-max-steps', '5', '--no-check'],
  ...['--set', 'hiddenSizes=[8]', '--set', 'batchSize=4', '--set', 'learningStarts=20'],
];
const maze = ['train', 'lsp', '--env', 'PointMaze-v0', ...settings, '--out', 'h', '--json'];

/** Runs commands in a directory; `refused` answers with the error of one that must end with exit code 2. */
function workplaceIn(directory: string) {
  const run = (...args: string[]) => runInProcess(args, { directory });
  return {
    directory,
    run,
    refused: async (...args: string[]) => {
      const { exitCode, json } = await run(...args);
      expect(exitCode).toBe(2);
      return json.error as { code: string; field?: string; message: string };
    },
    writePlan: (levels: readonly object[]) =>
      writeFile(join(directory, 'plan.json'), JSON.stringify({ levels })),
    storedPlan: () => readFile(join(directory, 'h', 'levels.json'), 'utf8'),
  };
}

const workplace = async () => workplaceIn(await temporaryDirectory());

/** Where `h` holds a hierarchy that was trained once, for tests that leave it as it is. */
let trained: ReturnType<typeof workplaceIn>;

beforeAll(async () => {
  trained = workplaceIn(await mkdtemp(join(tmpdir(), 'maxent-cli-')));
});

afterAll(() => rm(trained.directory, { recursive: true, force: true }));

test('a command that is refused leaves nothing behind, so that the corrected one works', async () => {
  const { directory, run, refused } = trained;
  const mistyped = maze.map((word) => (word === 'PointMaze-v0' ? 'PointMaz-v0' : word));
  expect(await refused(...mistyped, '--levels', '30,10')).toMatchObject({ code: 'UNKNOWN_NAME' });
  expect(existsSync(join(directory, 'h'))).toBe(false);
  const { json } = await run(...maze, '--levels', '30,10');
  expect(trainAnswer.parse(json)).toMatchObject({ steps: 40, outcome: 'completed' });
  expect(await refused(...maze, '--levels', '30,10')).toMatchObject({
    field: '--out',
    message: expect.stringContaining('already holds a hierarchy'),
  });
});

test('commands about runs name the levels of a hierarchy', async () => {
  const { refused } = trained;
  for (const command of ['eval', 'report']) {
    expect(await refused(command, 'h', '--json')).toMatchObject({
      field: 'RUN_DIR',
      message: expect.stringContaining(`${join('h', 'level-0')}, ${join('h', 'level-1')}`),
    });
  }
});

test('a hierarchy of which nothing has started takes the whole command', async () => {
  const { directory, refused } = trained;
  const { directory: empty, refused: refusedThere } = await workplace();
  await writeFile(join(empty, 'levels.json'), await readFile(join(directory, 'h', 'levels.json')));
  expect((await refusedThere('train', '--resume', '--out', '.', '--json')).message).toContain(
    '--levels: is required because no level has started',
  );
  expect((await refused('train', '--resume', '--out', 'h', '--seed', '4', '--json')).message).toContain(
    '--levels: is required if settings are given',
  );
});

test.each<[problem: string, upper: object, message: string]>([
  ['an environment', { env: 'PointMaz-v0' }, 'levels[1]: unknown environment "PointMaz-v0"'],
  ['an option', { envSet: { reward: 'dence' } }, 'levels[1]: environment.reward'],
  ['a setting', { set: { batchSise: 8 } }, 'levels[1]: agent.batchSise'],
  ['a preset', { preset: 'papier' }, 'levels[1]: unknown preset "papier"'],
  ['a view', { sees: [2, 40] }, 'levels[1]: sees: expected whole numbers from < to within the 4 numbers'],
  ['an empty view', { sees: [3, 3] }, 'levels[1].sees: expected [FROM, TO] with FROM < TO'],
  [
    'views of the levels below',
    { belowSee: [null, [0, 2]] },
    'levels[1].belowSee: expected one for each level below, 1 in all, got 2',
  ],
  ['a view of other size', { belowSee: [[0, 3]] }, 'levels[1]: embedPolicy: the policy reads 4 numbers'],
])('%s of an upper level is checked before the lower one trains', async (_, upper, message) => {
  const { directory, refused, writePlan } = await workplace();
  await writePlan([{ steps: 30 }, { steps: 10, ...upper }]);
  expect((await refused(...maze, '--levels', 'plan.json')).message).toContain(message);
  expect(existsSync(join(directory, 'h'))).toBe(false);
});

test('help lists the keys of a plan', async () => {
  const { run } = await workplace();
  const { out } = await run('train', '--levels', 'plan.json', '--help');
  expect(out).toMatch(/^ +every +actions of the level below per action of this level \(integer > 0\)$/m);
  expect(out).toMatch(
    /^ +belowSee +what each level below sees .* \(\[\[integer >= 0, integer > 0\]\|null, ...\]\)$/ms,
  );
  for (const key of ['env', 'envSet', 'steps', 'sees', 'preset', 'set']) expect(out).toContain(`  ${key} `);
});

test('a directory that cannot be written is refused as such', async () => {
  const { directory, refused } = await workplace();
  await writeFile(join(directory, 'h'), 'a file');
  expect(await refused(...maze, '--levels', '30,10')).toMatchObject({
    field: '--out',
    message: expect.stringMatching(/cannot write to "h" \(E[A-Z]+\)/),
  });
});

test('only what can be a level is trained', async () => {
  const { directory, refused, writePlan } = await workplace();
  const sac = maze.map((word) => (word === 'lsp' ? 'sac' : word));
  expect((await refused(...sac, '--levels', '30,10')).message).toContain(
    'needs an agent that trains a flow policy, such as lsp, not sac',
  );
  await writePlan([{ steps: 30, every: 2 }]);
  expect((await refused(...maze, '--levels', 'plan.json')).message).toContain('expected 1 at the lowest');
  expect(
    (await refused('train', 'pearl', '--family', 'PointRobot', '--levels', '30,10', '--json')).field,
  ).toBe('--family');
  expect(existsSync(join(directory, 'h'))).toBe(false);
});

test('a hierarchy is resumed as it was started, with more steps for its top alone', async () => {
  const { directory, run, refused, writePlan, storedPlan } = await workplace();
  const levels = [
    { steps: 30, sees: [2, 4] },
    { steps: 20, every: 4, belowSee: [[0, 2]] },
  ];
  const resume = [...maze, '--resume', '--levels', 'plan.json'];
  await writePlan(levels);
  await run(...maze, '--levels', 'plan.json');
  const before = await storedPlan();
  const changed = (level: number, change: object) =>
    levels.map((entry, i) => (i === level ? { ...entry, ...change } : entry));
  for (const [plan, message] of [
    [
      changed(0, { steps: 60 }),
      'levels[0]: steps: expected 30, got 60: another level was trained on top of this one',
    ],
    [
      changed(0, { steps: 29 }),
      'levels[0]: steps: expected 30, got 29: another level was trained on top of this one',
    ],
    [changed(0, { sees: [1, 3] }), 'levels[0]: level.sees.from: the run was started with 2'],
    [changed(0, { set: { batchSize: 8 } }), 'levels[0]: agent.config.batchSize'],
    [changed(1, { steps: 10 }), 'levels[1]: steps: the run was started with 20'],
    [changed(1, { sees: [0, 2] }), 'levels[1]: level.sees: the run was started with null'],
    [changed(1, { every: 5 }), 'levels[1]: level.every: the run was started with 4'],
    [changed(1, { belowSee: [[1, 3]] }), 'levels[1].belowSee: the run was started with [[0,2]]'],
    [changed(1, { belowSee: undefined }), 'levels[1].belowSee: the run was started with [[0,2]]'],
    [levels.slice(0, 1), '--levels: "h" holds 2 levels that have started, got 1'],
  ] as const) {
    await writePlan(plan);
    expect((await refused(...resume)).message).toContain(message);
    expect(await storedPlan()).toBe(before);
  }
  await writePlan(changed(1, { steps: 30 }));
  expect(trainAnswer.parse((await run(...resume)).json).levels).toEqual([
    { runDir: join('h', 'level-0'), steps: 30 },
    { runDir: join('h', 'level-1'), steps: 30 },
  ]);
  expect(JSON.parse(await storedPlan())[1].request.steps).toBe(30);
  const { levels: ran } = trainAnswer.parse((await run('train', '--resume', '--out', 'h', '--json')).json);
  expect(ran!.map(({ steps }) => steps)).toEqual([30, 30]);

  for (const damaged of ['{}', '[]', '[{"request":{"set":[]}}]', '[{']) {
    await writeFile(join(directory, 'h', 'levels.json'), damaged);
    expect(await refused('train', '--resume', '--out', 'h', '--json')).toMatchObject({
      code: 'DAMAGED_DATA',
      message: expect.stringMatching(/levels\.json" cannot be used: .*repeat the command.*with --resume/s),
    });
  }
  await run(...resume);
  expect(JSON.parse(await storedPlan())).toHaveLength(2);
});
