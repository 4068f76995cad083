// Packs every public package of the workspace, as `pnpm publish` would. Built they must be: `pnpm build:packed`.
// As a program: node .ci/pack.mjs DIRECTORY
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Directories and names of the packages that are published. */
export function publicPackages() {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((folder) => {
      const directory = join(root, group, folder);
      let manifest;
      try {
        manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      } catch {
        return [];
      }
      return manifest.private ? [] : [{ directory, name: manifest.name }];
    }),
  );
}

/** Packs them into a directory; adds the path of each one's tarball. */
export function packAll(destination) {
  mkdirSync(destination, { recursive: true });
  return publicPackages().map(({ directory, name }) => {
    // Without `prepack`, which would build everything again for each of them.
    const argv = [
      '--config.ignore-scripts=true',
      'pack',
      '--json',
      '--pack-destination',
      resolve(destination),
    ];
    const answer = JSON.parse(execFileSync('pnpm', argv, { cwd: directory, encoding: 'utf8' }));
    return { directory, name, tarball: resolve(destination, answer.filename) };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { tarball } of packAll(process.argv[2])) process.stdout.write(`${tarball}\n`);
}
