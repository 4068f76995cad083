// Compiles the addon of a package, its kernels as machine code, which Node loads where it is there: addon/ of the package
// and of the workspace into prebuilds/ of the package. With a C compiler ($CC, cc, gcc, clang or zig cc) it builds for
// this machine; where there is none, or it fails, it says so in one line and leaves it at that, unless
// MAXENT_REQUIRE_ADDON is set, as in `.ci/run`.
//
//   node addon/build.mjs          in a package's directory
//   node addon/build.mjs --all    every package's, for every platform that is published, with zig's compiler, which brings
//                                 the headers and libraries of all of them
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { def_paths as definitions, include_dir as headers } from 'node-api-headers';
import { addonFile, instructionSets, isFresh, packagesWithAddon, shared, targets } from './targets.mjs';
import { findZig } from './zig.mjs';

// A multiply-add is fused where the code says so and nowhere else: see kernels.c.
const compileOptions = [
  '-std=c11',
  '-O3',
  '-g0',
  '-ffp-contract=off',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
];

/** What compiler and linker need to be told. */
const platformOptions = {
  // Without the C library's name inside, one file serves glibc and musl: Node has loaded either already.
  linux: {
    compile: ['-fPIC', '-D_GNU_SOURCE', '-U_FORTIFY_SOURCE', '-fno-stack-protector'],
    link: ['-shared', '-nostdlib', '-Wl,-s', '-Wl,-z,undefs'],
  },
  darwin: { compile: ['-fPIC'], link: ['-shared', '-Wl,-undefined,dynamic_lookup', '-Wl,-x'] },
  win32: { compile: [], link: ['-shared', '-Wl,-s'] },
};
// Without outlined atomics, which are functions of the compiler's own library.
const linuxOptions = { x64: [], arm64: ['-mno-outline-atomics'] };

/** The compiler of this machine, if it has one. */
function findCompiler() {
  // Without Apple's tools, `cc` is a program that opens a window and offers to install them.
  if (process.platform === 'darwin' && !succeeds('xcode-select', '-p')) return undefined;
  const { CC } = process.env;
  const known = [...(CC ? [CC.split(' ')] : []), ['cc'], ['gcc'], ['clang'], ['zig', 'cc']];
  return known.find(([program, ...options]) => succeeds(program, ...options, '--version'));
}

function succeeds(program, ...argv) {
  return spawnSync(program, argv, { stdio: 'ignore' }).status === 0;
}

/**
 * Compiles a package's addon for one platform. `compiler` is a command and its options; `zig`, for Windows, the command
 * alone.
 */
async function build(directory, { platform, arch }, compiler, zig) {
  const result = addonFile(directory, { platform, arch });
  const sources = join(directory, 'addon');
  mkdirSync(dirname(result), { recursive: true });
  // Beside the result, which is moved into place: a program may have loaded the one before.
  const temporary = mkdtempSync(join(dirname(result), '.building-'));
  try {
    const { compile, link } = platformOptions[platform];
    const common = [...compileOptions, ...compile, ...(platform === 'linux' ? linuxOptions[arch] : [])];
    const compileFile = async (folder, file, name, options) => {
      const object = join(temporary, `${name}.o`);
      await run(compiler, ...common, ...options, '-c', join(folder, file), '-o', object);
      return object;
    };
    const parts = await Promise.all([
      compileFile(sources, 'addon.c', 'addon', [`-I${headers}`, `-I${shared}`, `-I${sources}`]),
      compileFile(shared, 'pool.c', 'pool', []),
      ...Object.entries(instructionSets[arch]).map(([name, flags]) =>
        compileFile(sources, 'kernels.c', name, [
          ...[...flags, `-I${shared}`],
          ...[`-DKERNELS=kernels_${name}`, `-DKERNELS_NAME="${name}"`],
        ]),
      ),
      ...(platform === 'win32' ? importLibraries(zig, arch, temporary) : []),
    ]);
    const made = join(temporary, 'addon.node');
    await run(compiler, ...link, '-o', made, ...parts);
    renameSync(made, result);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function run([program, ...options], ...argv) {
  try {
    await promisify(execFile)(program, [...options, ...argv]);
  } catch (error) {
    const [reason] = /^.*\berror:.*$/m.exec(error.stderr ?? '') ?? [error.message.split('\n', 1)[0]];
    throw new Error(`${program} failed: ${reason.trim()}`, { cause: error });
  }
}

/** Where Windows' linker finds the functions of Node. */
function importLibraries(zig, arch, directory) {
  const machine = { x64: 'i386:x86-64', arm64: 'arm64' }[arch];
  return Object.entries(definitions).map(async ([name, file]) => {
    const library = join(directory, `${name}.lib`);
    await run(zig, 'dlltool', '-m', machine, '-D', 'node.exe', '-d', file, '-l', library);
    return library;
  });
}

async function buildAll() {
  const zig = findZig();
  for (const directory of packagesWithAddon()) {
    for (const target of targets) {
      await build(directory, target, [...zig, 'cc', '-target', target.triple], zig);
      const file = addonFile(directory, target);
      process.stdout.write(`${basename(file)}: ${(statSync(file).size / 1000).toFixed(0)} kB\n`);
    }
  }
}

async function buildHere(directory) {
  const { platform, arch } = process;
  const target = targets.find((each) => each.platform === platform && each.arch === arch);
  if (platform === 'win32' || target === undefined) return `this build makes none for ${platform}-${arch}`;
  if (isFresh(directory, target)) return undefined;
  const compiler = findCompiler();
  if (compiler === undefined) return 'no C compiler was found';
  try {
    await build(directory, target, compiler);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

if (process.argv.includes('--all')) {
  await buildAll();
} else {
  const problem = await buildHere(process.cwd());
  if (problem !== undefined) {
    process.stdout.write(`the addon is not built: ${problem}; WebAssembly does the work\n`);
    if (process.env.MAXENT_REQUIRE_ADDON) process.exitCode = 1;
  }
}
