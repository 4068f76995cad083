// `pnpm run version`: consumes the changesets into the next version and a CHANGELOG.md for each published package.
// Changesets speaks of minor and patch changes; a reader looks for what is new and what was fixed. Packages share one
// version, so one without a change of its own says that.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicPackages } from './pack.mjs';

execFileSync('changeset', ['version'], { stdio: 'inherit' });

const packages = publicPackages().map(({ directory, name }) => {
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return { directory, name, version };
});
for (const { directory, name, version } of packages) {
  const file = join(directory, 'CHANGELOG.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : `# ${name}\n\n## ${version}\n`;
  const [before, after] = text.split(`## ${version}\n`);
  const rest = after.search(/^## /m);
  const own = (rest < 0 ? after : after.slice(0, rest))
    .replace('### Minor Changes', '### New')
    .replace('### Patch Changes', '### Fixed');
  const entries = /^- /m.test(own)
    ? own.trim()
    : 'No changes of its own; all packages of maxent share one version.';
  const earlier = rest < 0 ? '' : `\n${after.slice(rest)}`;
  writeFileSync(file, `${before}## ${version}\n\n${entries}\n${earlier}`);
}
process.stdout.write(
  `${packages.length} packages are ${[...new Set(packages.map(({ version }) => version))].join(', ')}\n`,
);
