// The packages that have an addon, the platforms for which it is published, and the instruction sets that it has on each.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What all addons share. */
export const shared = dirname(fileURLToPath(import.meta.url));

/** Instruction sets for which kernels.c is compiled, with the compiler's options. */
export const instructionSets = {
  x64: {
    avx2: ['-mavx2', '-mfma'],
    avx512: ['-mavx2', '-mfma', '-mavx512f'],
  },
  arm64: { neon: [] },
};

const systems = { linux: 'linux-gnu', darwin: 'macos.11.0', win32: 'windows-gnu' };
const processors = { x64: 'x86_64', arm64: 'aarch64' };

/** With zig's names of them. Node itself needs macOS 11 or later. */
export const targets = Object.entries(systems).flatMap(([platform, system]) =>
  Object.entries(processors).map(([arch, processor]) => ({
    platform,
    arch,
    name: `${platform}-${arch}`,
    triple: `${processor}-${system}`,
  })),
);

/** The directories of the packages with an addon. */
export function packagesWithAddon() {
  const packages = join(dirname(shared), 'packages');
  return readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((directory) => existsSync(join(directory, 'addon')));
}

/**
 * Where a package's addon for a platform is, by Node's names of platforms. The package's own name is in it, so that a
 * bundle of several packages can have one directory with the addons of all.
 */
export function addonFile(directory, { platform, arch }) {
  return join(directory, 'prebuilds', `${basename(directory)}-${platform}-${arch}.node`);
}

/** Whether a package's addon for a platform is there and newer than what it is made of. */
export function isFresh(directory, target) {
  const made = statSync(addonFile(directory, target), { throwIfNoEntry: false });
  const parts = [...filesOf(join(directory, 'addon')), ...filesOf(shared)];
  return made !== undefined && parts.every((file) => statSync(file).mtimeMs < made.mtimeMs);
}

function filesOf(directory) {
  return readdirSync(directory).map((name) => join(directory, name));
}
