// Part of `pnpm check`: what every published package.json says alike. The workspace's package.json gives homepage, bugs,
// repository, author and license. A package adds where it lies in the repository, and scripts that build what is packed and
// look at all of this before anything is published. `--write` writes it; `--release` also refuses an address that stands
// for one nobody has chosen yet, and a release that lacks a package's addon for one of its platforms.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonFile, isFresh, packagesWithAddon, targets } from '../addon/targets.mjs';
import { publicPackages } from './pack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (directory) => JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

const workspace = read(root);
const write = process.argv.includes('--write');
const problems = [];

/** What the package in a directory must say, besides scripts of its own. */
function shared(directory, scripts) {
  const { homepage, bugs, repository, author, license, engines } = workspace;
  return {
    homepage,
    bugs,
    repository: { ...repository, directory: relative(root, directory) },
    license,
    author,
    engines,
    publishConfig: { access: 'public' },
    scripts: {
      ...scripts,
      prepack: 'pnpm --workspace-root run build:packed',
      prepublishOnly: `node ${relative(directory, root)}/.ci/metadata.mjs --release`,
    },
  };
}

for (const { directory, name } of publicPackages()) {
  const { name: _, version, description, keywords = [], ...rest } = read(directory);
  const expected = shared(directory, rest.scripts);
  if (typeof description !== 'string' || description === '') problems.push(`${name} has no description`);
  if (!keywords.includes('reinforcement-learning') && !keywords.includes('inference')) {
    problems.push(
      `${name} has no keyword "reinforcement-learning" or "inference"; add what people search for`,
    );
  }
  if (write) {
    const { scripts: _scripts, ...first } = expected;
    const manifest = { name, version, description, keywords, ...first, ...rest, ...expected };
    writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    continue;
  }
  const differing = Object.keys(expected).filter(
    (field) => JSON.stringify(rest[field]) !== JSON.stringify(expected[field]),
  );
  if (differing.length > 0) {
    problems.push(
      `${name} says something else in ${differing.join(', ')} than the workspace; run \`pnpm metadata --write\``,
    );
  }
}

const release = process.argv.includes('--release');
// A published version keeps what it says, and what it lacks, forever.
const stale = packagesWithAddon().flatMap((directory) =>
  targets
    .filter((target) => release && !isFresh(directory, target))
    .map((target) => basename(addonFile(directory, target))),
);
if (stale.length > 0) {
  problems.push(`${stale.join(', ')}: missing or older than the sources; run \`pnpm prebuilds\``);
}
if (release && /^https?:\/\/[^/]*\.example(\/|$)/.test(workspace.homepage)) {
  problems.push(
    `the homepage in package.json, ${workspace.homepage}, stands for an address that nobody has chosen yet; write the ` +
      "repository's address into homepage, bugs and repository, and run `pnpm metadata --write`",
  );
}

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write('all packages say where they come from\n');
