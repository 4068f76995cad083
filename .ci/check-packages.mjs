// Part of `pnpm check`: packs every public package and checks the tarball. Everything that package.json names is in it,
// nothing of ours alone is, links in README files lead somewhere, `publint` and `attw` agree, the declarations compile
// without skipLibCheck, and a plugin of somebody else's compiles against them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileDeclarations } from './compile-declarations.mjs';
import { compilePlugin } from './compile-plugin.mjs';
import { packAll } from './pack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const onlyOurs = /\.test(-d)?\.|\.native\.test\.|(^|\/)(fixtures|test-support)\/|\.tsbuildinfo$/;
const problems = [];

/** Every path in a part of package.json: a string, or what it holds. */
function pathsIn(value) {
  if (typeof value === 'string') return [value];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(pathsIn);
}

function isThere(files, path) {
  const relative = posix.normalize(path);
  if (!relative.includes('*')) return files.includes(relative);
  const [before, after] = relative.split('*');
  return files.some((file) => file.startsWith(before) && file.endsWith(after));
}

/** Whether code of others is bundled, by its copyright or by the paths in source maps. */
function isThirdParty(directory, files) {
  return files.some(
    (file) =>
      /\.(js|ts|map)$/.test(file) &&
      /node_modules\/|Copyright (?!\(c\) 2026 The maxent authors)/.test(
        readFileSync(join(directory, file), 'utf8'),
      ),
  );
}

/** What is wrong with a package, unpacked in a directory; `source` is where it comes from. */
function checkContents(directory, source, say) {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

  for (const field of ['exports', 'imports', 'bin', 'main', 'types']) {
    for (const path of pathsIn(manifest[field])) {
      if (path.startsWith('.') && !isThere(files, path)) say(`${field} names ${path}, which is not packed`);
    }
  }
  for (const [name, range] of Object.entries({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  })) {
    if (/^(workspace|catalog|file|link):/.test(range)) say(`depends on ${name} by "${range}"`);
  }
  for (const file of files.filter((file) => onlyOurs.test(file))) say(`packs ${file}`);
  const prebuilds = join(source, 'prebuilds');
  for (const addon of existsSync(prebuilds) ? readdirSync(prebuilds) : []) {
    if (!files.includes(`prebuilds/${addon}`)) say(`packs no prebuilds/${addon}`);
  }
  const texts = ['README.md', 'LICENSE', ...(isThirdParty(directory, files) ? ['NOTICE'] : [])];
  for (const file of texts) if (!files.includes(file)) say(`packs no ${file}`);
  for (const file of files.filter((file) => file.endsWith('.md'))) {
    const text = readFileSync(join(directory, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|mailto:|#)/.test(target)) continue;
      const path = posix.join(dirname(file), target.split('#', 1)[0]);
      const there = files.some((each) => each === path || each.startsWith(`${path}/`));
      if (!there) say(`${file} links to ${target}, which is not packed`);
    }
  }
  return manifest;
}

function run(say, command, ...argv) {
  try {
    execFileSync(join(root, 'node_modules/.bin', command), argv, {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    say(`${command} finds:\n${error.stdout}${error.stderr}`);
  }
}

const work = mkdtempSync(join(tmpdir(), 'maxent-packages-'));
try {
  const packages = packAll(join(work, 'tarballs')).map(({ directory, name, tarball }) => {
    const say = (problem) => problems.push(`${name} ${problem}`);
    const unpacked = join(work, 'node_modules', name);
    mkdirSync(unpacked, { recursive: true });
    execFileSync('tar', ['xzf', tarball, '-C', unpacked, '--strip-components=1']);
    // Packing leaves scripts out of the manifest, so the source is asked.
    const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    if (!scripts?.prepack?.endsWith('build:packed'))
      say('has no prepack script that builds code and declarations');
    const manifest = checkContents(unpacked, directory, say);
    run(say, 'publint', '--strict', tarball);
    run(say, 'attw', '--profile', 'esm-only', '--exclude-entrypoints', ...assets(manifest), '--', tarball);
    return { directory, name, manifest, unpacked };
  });
  problems.push(...compileDeclarations(work, packages), ...compilePlugin(work));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Entries that are not code. */
function assets({ exports = {} }) {
  const entries = Object.keys(exports).filter((entry) => /\.(wasm|json)$/.test(entry));
  return entries.length > 0 ? entries : ['./package.json'];
}

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write('what is packed is complete\n');
