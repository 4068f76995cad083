// The platforms for which the kernels' addon is published, and the instruction sets that it has on each.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Directory of the compiled addons, `<platform>-<arch>.node` by Node's names. */
export const prebuilds = join(dirname(dirname(fileURLToPath(import.meta.url))), 'prebuilds');

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
