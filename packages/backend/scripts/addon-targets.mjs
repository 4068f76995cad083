// The platforms for which the kernels' addon is published, and the instruction sets that it has on each.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const scripts = dirname(fileURLToPath(import.meta.url));
export const sources = join(dirname(scripts), 'addon');
/** Directory of the compiled addons, `<platform>-<arch>.node` by Node's names. */
export const prebuilds = join(dirname(scripts), 'prebuilds');

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

/** Whether the addon for a platform is there and newer than what it is made of. */
export function isFresh(name) {
  const made = statSync(join(prebuilds, `${name}.node`), { throwIfNoEntry: false });
  const parts = [...filesOf(sources), ...filesOf(scripts).filter((file) => file.includes('addon'))];
  return made !== undefined && parts.every((file) => statSync(file).mtimeMs < made.mtimeMs);
}

function filesOf(directory) {
  return readdirSync(directory).map((name) => join(directory, name));
}
