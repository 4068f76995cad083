import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { runInProcess } from './test-support/run-in-process.js';
import { makeSentRun } from './test-support/sent-run.js';
import { temporaryDirectory } from './test-support/temporary-directory.js';

const walking = fileURLToPath(new URL('./test-support/plugin.ts', import.meta.url));
/** What it imports. */
const lineOfWalking = fileURLToPath(new URL('./test-support/line.ts', import.meta.url));

/** Where the receiver works, the sent run in it, and what would show that code of the sender ran. */
let receiver: string;
let run: string;
let canary: string;

beforeEach(async () => {
  receiver = await temporaryDirectory();
  run = join(receiver, 'run');
  canary = join(receiver, 'canary');
});

/** A module that leaves a trace when it runs, and brings what the run needs. */
const evil = () =>
  `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(canary)}, ''); export default { name: 'evil', ` +
  `agents: [{ name: 'steady', create() {} }], environments: [{ id: 'Walk-v0', create() {} }] };\n`;

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const writePackage = async (directory: string, name: string, more: object = {}, text = evil()) => {
  await write(join(directory, 'index.js'), text);
  const manifest = { name, type: 'module', exports: './index.js', ...more };
  await write(join(directory, 'package.json'), JSON.stringify(manifest));
};

/** Packages that a receiver has installed; `harmless` would be loaded. */
async function install(): Promise<void> {
  await writePackage(
    join(receiver, 'node_modules/harmless'),
    'harmless',
    {},
    "export default { name: 'harmless' };",
  );
  await write(join(receiver, 'node_modules/harmless/tool.js'), evil());
}

interface Trick {
  readonly title: string;
  readonly plugins: () => readonly string[];
  /** What the refusal must name, unless it is the plugin itself. */
  readonly names?: string;
  readonly prepare?: () => Promise<void>;
  /** The receiver has changed into the run directory. */
  readonly inside?: true;
}

const inRun = (name: string) => () => write(join(run, name), evil());

const tricks: readonly Trick[] = [
  { title: 'a file in the run', plugins: () => ['./evil.mjs'], prepare: inRun('evil.mjs') },
  { title: 'a file without a leading dot', plugins: () => ['evil.mjs'], prepare: inRun('evil.mjs') },
  { title: 'the same from inside', plugins: () => ['./evil.mjs'], prepare: inRun('evil.mjs'), inside: true },
  { title: 'a bare file from inside', plugins: () => ['evil.mjs'], prepare: inRun('evil.mjs'), inside: true },
  {
    title: 'a TypeScript file next to the run',
    plugins: () => ['../evil.ts'],
    prepare: () => write(join(receiver, 'evil.ts'), evil()),
  },
  {
    title: 'an absolute path',
    plugins: () => [join(run, 'evil.mjs')],
    prepare: inRun('evil.mjs'),
    names: 'evil.mjs',
  },
  { title: 'a data URL', plugins: () => [`data:text/javascript,${evil()}`], names: 'data:text/javascript' },
  {
    title: 'a file URL',
    plugins: () => [String(pathToFileURL(join(run, 'evil.mjs')))],
    prepare: inRun('evil.mjs'),
    names: 'file:///',
  },
  { title: 'a web address', plugins: () => ['https://example.invalid/evil.mjs'] },
  { title: 'a module of Node', plugins: () => ['node:child_process'] },
  { title: 'a module of Node by its old name', plugins: () => ['child_process'] },
  { title: 'a Windows path', plugins: () => ['C:\\evil.mjs'], names: 'evil.mjs' },
  { title: 'a backslash', plugins: () => ['.\\evil.mjs'], names: 'evil.mjs', prepare: inRun('evil.mjs') },
  {
    title: 'a package that the run brings',
    plugins: () => ['evil'],
    prepare: () => writePackage(join(run, 'node_modules/evil'), 'evil'),
  },
  {
    title: 'a package that the run brings, from inside',
    plugins: () => ['evil'],
    prepare: () => writePackage(join(run, 'node_modules/evil'), 'evil'),
    inside: true,
  },
  {
    title: 'a package that the run brings deeper inside, linked',
    plugins: () => ['evil'],
    prepare: async () => {
      await writePackage(join(run, 'hidden'), 'evil');
      await mkdir(join(receiver, 'node_modules'), { recursive: true });
      await rm(join(receiver, 'node_modules/evil'), { force: true });
      await symlink(join(run, 'hidden'), join(receiver, 'node_modules/evil'));
    },
  },
  {
    title: 'a run that is the installed package itself',
    plugins: () => ['harmless'],
    prepare: () => writePackage(run, 'harmless'),
    inside: true,
  },
  {
    title: 'an internal import',
    plugins: () => ['#evil'],
    prepare: () => writePackage(run, 'run', { imports: { '#evil': './index.js' } }),
    inside: true,
  },
  { title: 'another file of an installed package', plugins: () => ['harmless/tool.js'] },
  {
    title: 'a path that leaves an installed package',
    plugins: () => ['harmless/../../evil.mjs'],
    prepare: () => write(join(receiver, 'evil.mjs'), evil()),
  },
  { title: 'dots', plugins: () => ['..'], prepare: () => writePackage(receiver, 'receiver') },
  { title: 'nothing', plugins: () => [''], names: '""' },
  { title: 'a zero character', plugins: () => ['harmless\0/evil'], names: 'harmless\\u0000' },
  { title: 'a terminal sequence', plugins: () => ['\u001b[2Jevil'], names: '\\u001b[2Jevil' },
  { title: 'the key of a prototype', plugins: () => ['__proto__'] },
  {
    title: 'the second after a harmless one',
    plugins: () => ['harmless', './evil.mjs'],
    names: './evil.mjs',
    prepare: inRun('evil.mjs'),
  },
  {
    title: 'a configuration file',
    plugins: () => ['./maxent.config.mjs'],
    prepare: inRun('maxent.config.mjs'),
  },
  {
    title: 'a configuration file, from inside',
    plugins: () => [],
    names: 'maxent.config.mjs',
    prepare: inRun('maxent.config.mjs'),
    inside: true,
  },
];

test.each(tricks)('a run that names $title runs nothing, and is named', async (trick) => {
  const { plugins, names, prepare, inside } = trick;
  const runInside = (...words: string[]) =>
    runInProcess([...words, inside ? '.' : 'run', '--json'], { directory: inside ? run : receiver });
  const expectRefused = async (...words: string[]) => {
    const { exitCode, json, err } = await runInside(...words);
    expect(existsSync(canary)).toBe(false);
    expect(exitCode).toBe(2);
    expect(json.error.code).toBe('PLUGIN');
    expect(json.error.message).toContain(names ?? plugins()[0]);
    expect(err).not.toContain('\u001b');
  };
  await makeSentRun(run, { plugins: [...plugins()] });
  await install();
  await prepare?.();
  await expectRefused('eval');
  await expectRefused('train', '--resume', '--out');
  expect((await runInside('report')).exitCode).toBe(0);
  expect(existsSync(canary)).toBe(false);

  await rm(run, { recursive: true });
  await makeSentRun(run, { family: true, plugins: [...plugins()] });
  await prepare?.();
  await expectRefused('adapt');
});

test('code below a directory that holds a run is not picked up by any command', async () => {
  await makeSentRun(run, {});
  await write(join(run, 'deeper', 'maxent.config.mjs'), evil());
  const { exitCode, json } = await runInProcess(['list', 'agents', '--json'], {
    directory: join(run, 'deeper'),
  });
  expect([exitCode, json.error.code]).toEqual([2, 'PLUGIN']);
  expect(existsSync(canary)).toBe(false);
});

test('code in a hierarchy of runs is not picked up either', async () => {
  await makeSentRun(join(run, 'level-0'), {});
  await write(join(run, 'levels.json'), '[]');
  await write(join(run, 'maxent.config.mjs'), evil());
  const { exitCode, json } = await runInProcess(['list', 'agents', '--json'], { directory: run });
  expect([exitCode, json.error.code]).toEqual([2, 'PLUGIN']);
  expect(existsSync(canary)).toBe(false);
});

test('a run cannot send sequences to the terminal', async () => {
  await makeSentRun(run, {});
  const config = join(run, 'config.json');
  await rm(join(run, 'checkpoints'), { recursive: true });
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace('Walk-v0', 'Walk\\u001b[2J-v0'));
  for (const words of [
    ['report', 'run'],
    ['eval', 'run'],
    ['train', '--resume', '--out', 'run'],
  ]) {
    const { exitCode, out, err } = await runInProcess(words, { directory: receiver });
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain('environment.id: expected a name without control characters');
    expect(err).not.toContain('\u001b');
  }
});

test('a level of a sent hierarchy that leads elsewhere is refused, and nothing is written there', async () => {
  const elsewhere = join(receiver, 'elsewhere');
  await mkdir(elsewhere);
  await makeSentRun(join(run, 'level-0'), {});
  await write(join(run, 'levels.json'), '[]');
  await symlink(elsewhere, join(run, 'level-1'));
  const { exitCode, json } = await runInProcess(['train', '--resume', '--out', 'run', '--json'], {
    directory: receiver,
  });
  expect([exitCode, json.error.code]).toEqual([2, 'DAMAGED_DATA']);
  expect(json.error.message).toContain('level-1');
  expect(await readdir(elsewhere)).toEqual([]);
});

describe('what the user trusts', () => {
  const evaluate = (...more: string[]) =>
    runInProcess(['eval', 'run', '--json', ...more], { directory: receiver });

  it('is an installed package, which is announced before it runs', async () => {
    await makeSentRun(run, { plugins: ['walks'] });
    const file = join(receiver, 'node_modules/walks/index.js');
    await write(file, `export { plugin } from ${JSON.stringify(walking)};`);
    await write(
      join(receiver, 'node_modules/walks/package.json'),
      '{"name":"walks","type":"module","exports":"./index.js"}',
    );
    const { exitCode, err } = await evaluate();
    expect(err).toContain('Loading the plugin "walks", which the run names.');
    expect(exitCode).toBe(0);
  });

  it('is the file named by --plugin, in place of what was recorded', async () => {
    await makeSentRun(run, { plugins: ['./evil.mjs', 'data:text/javascript,1'] });
    await inRun('evil.mjs')();
    const { exitCode, json } = await evaluate('--plugin', walking);
    expect([exitCode, json.lengths?.[0]]).toEqual([0, 5]);
    expect(existsSync(canary)).toBe(false);
  });

  it('is the configuration file of the working directory, in place of what was recorded', async () => {
    await makeSentRun(run, { plugins: ['../gone/maxent.config.ts', '../gone/walk.ts'] });
    await write(join(receiver, 'maxent.config.mjs'), `export { plugin } from ${JSON.stringify(walking)};`);
    const { exitCode, err } = await evaluate();
    expect(err).toContain('"../gone/walk.ts", which is not loaded: the run does not need it');
    expect(err).not.toContain('maxent.config');
    expect(exitCode).toBe(0);
  });

  it('is told with the words to add', async () => {
    await makeSentRun(run, { plugins: ['../my walk.ts', 'walks', '/gone/other.ts'] });
    await write(join(receiver, 'my walk.ts'), evil());
    const { json } = await evaluate();
    expect(json.error.message).toContain(
      "add --plugin './my walk.ts' --plugin walks --plugin PATH_TO/other.ts",
    );
  });

  it('must bring what the run needs', async () => {
    await makeSentRun(run, { plugins: [] });
    const nothing = await evaluate();
    expect(nothing.json.error.message).toContain('the run needs the agent "steady"');
    await install();
    const other = await evaluate('--plugin', 'harmless');
    expect(other.json.error).toMatchObject({ code: 'PLUGIN', field: '--plugin' });
    expect(other.json.error.message).toContain('the run needs the agent "steady"');
  });
});

describe('a project that moved', () => {
  it('evaluates and resumes its runs by its configuration file or by --plugin', async () => {
    const [old, moved] = [join(receiver, 'old'), join(receiver, 'moved')];
    await mkdir(old);
    await cp(walking, join(old, 'walk.ts'));
    await cp(lineOfWalking, join(old, 'line.ts'));
    const words = [
      'train',
      'steady',
      '--env',
      'Walk-v0',
      '--steps',
      '20',
      '--plugin',
      'walk.ts',
      '--json',
      '--out',
    ];
    // The copy has to find zod where this package does.
    await symlink(
      join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules'),
      join(old, 'node_modules'),
    );
    expect((await runInProcess([...words, 'runs/a'], { directory: old })).exitCode).toBe(0);
    await rename(old, moved);
    const resume = ['train', '--resume', '--out', 'runs/a', '--steps', '30', '--json'];
    const refused = await runInProcess(resume, { directory: moved });
    expect(refused.json.error.message).toContain('"../../walk.ts"');
    expect(refused.json.error.message).toContain('add --plugin ./walk.ts');
    const named = await runInProcess([...resume, '--plugin', 'walk.ts'], { directory: moved });
    expect([named.exitCode, named.json.steps]).toEqual([0, 30]);
    await write(join(moved, 'maxent.config.ts'), "export { plugin } from './walk.js';");
    const configured = await runInProcess(['eval', 'runs/a', '--json'], { directory: moved });
    expect([configured.exitCode, configured.json.step]).toEqual([0, 30]);
  });
});
