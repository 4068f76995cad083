// Zig's C compiler, which builds for every platform on any. It is asked for by releases alone, so no package.json depends
// on it: an install would bring 90 MB that hardly anybody needs. The Zig project itself publishes it on PyPI.
import { spawnSync } from 'node:child_process';

/** Releases are built with this version, so that the same sources give the same files. */
const VERSION = '0.17.1';

/** The command: $ZIG, `zig` or Python's module. Throws if none of them is this version. */
export function findZig() {
  const { ZIG } = process.env;
  const known = [
    ...(ZIG ? [ZIG.split(' ')] : []),
    ['zig'],
    ['python3', '-m', 'ziglang'],
    ['python', '-m', 'ziglang'],
  ];
  const seen = [];
  for (const command of known) {
    const [program, ...options] = command;
    const { status, stdout } = spawnSync(program, [...options, 'version'], { encoding: 'utf8' });
    const version = status === 0 ? stdout.trim() : undefined;
    if (version === VERSION) return command;
    if (version !== undefined) seen.push(`${command.join(' ')} is ${version}`);
  }
  throw new Error(
    `expected zig ${VERSION}, found ${seen.join(', ') || 'none'}: python3 -m pip install ziglang==${VERSION}, ` +
      'or set ZIG to the command',
  );
}
