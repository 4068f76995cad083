// Part of `pnpm check`: what the next two releases would be called. While versions begin with 0, the changesets that
// wait and then one more of kind "minor" must each raise the second number: peers inside the fixed group tempt
// changesets into a major version. Tried on a copy of what it reads.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publicPackages } from './pack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = publicPackages().map(({ directory }) => relative(root, directory));
const copy = mkdtempSync(join(tmpdir(), 'maxent-versions-'));

function run(command, ...argv) {
  return execFileSync(command, argv, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });
}

function release() {
  run(process.execPath, join(root, 'node_modules/@changesets/cli/bin.js'), 'version');
  const versions = packages.map(
    (path) => JSON.parse(readFileSync(join(copy, path, 'package.json'), 'utf8')).version,
  );
  if (new Set(versions).size > 1) throw new Error(`one version was expected, got ${versions.join(', ')}`);
  return versions[0];
}

function expectVersion(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what} would be called ${actual}; expected ${expected}`);
}

try {
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset']) {
    cpSync(join(root, file), join(copy, file), { recursive: true });
  }
  for (const path of packages) {
    mkdirSync(dirname(join(copy, path, 'package.json')), { recursive: true });
    cpSync(join(root, path, 'package.json'), join(copy, path, 'package.json'));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
  writeFileSync(join(copy, '.gitignore'), 'node_modules\n');
  run('git', 'init', '--quiet', '--initial-branch=main');
  run('git', 'add', '.');
  run('git', '-c', 'user.name=check', '-c', 'user.email=check@localhost', 'commit', '--quiet', '-m', 'copy');

  const { version } = JSON.parse(readFileSync(join(root, packages[0], 'package.json'), 'utf8'));
  const [major, minor] = version.split('.').map(Number);
  if (major === 0) {
    const add = (name) =>
      writeFileSync(
        join(copy, '.changeset', `${name}.md`),
        `---\n'@maxent/nn': minor\n---\n\nSomething new.\n`,
      );
    add('one-more');
    expectVersion(release(), `0.${minor + 1}.0`, 'the next release');
    add('another');
    expectVersion(release(), `0.${minor + 2}.0`, 'the release after a minor change');
  }
  process.stdout.write('the next releases keep their names\n');
} catch (error) {
  process.stderr.write(`${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
