// Compiles addon/ into prebuilds/<platform>-<arch>.node: the kernels as machine code, which Node loads where they are
// there. With a C compiler ($CC, cc, gcc, clang or zig cc) it builds for this machine; without one it says so in one line
// and leaves it at that.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(packageDirectory, 'addon');
const headers = createRequire(import.meta.url)('node-api-headers').include_dir;

/** Instruction sets for which kernels.c is compiled, with the compiler's options. */
const instructionSets = {
  x64: {
    avx2: ['-mavx2', '-mfma'],
    avx512: ['-mavx2', '-mfma', '-mavx512f'],
  },
  arm64: { neon: [] },
};

// A multiply-add is fused where the code says so and nowhere else: see kernels.c.
const compileOptions = [
  '-std=c11',
  '-O3',
  '-ffp-contract=off',
  '-fPIC',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
];

/** What the target's compiler and linker need to be told. */
const platformOptions = {
  // Without the C library's name inside, one file serves glibc and musl: Node has either loaded already.
  linux: {
    compile: ['-D_GNU_SOURCE', '-U_FORTIFY_SOURCE', '-fno-stack-protector'],
    link: ['-shared', '-nostdlib'],
  },
  darwin: { compile: [], link: ['-shared', '-Wl,-undefined,dynamic_lookup'] },
};

function compilers() {
  const { CC } = process.env;
  return [...(CC ? [CC.split(' ')] : []), ['cc'], ['gcc'], ['clang'], ['zig', 'cc']];
}

function findCompiler() {
  return compilers().find(([program, ...options]) => {
    const { error, status } = spawnSync(program, [...options, '--version'], { stdio: 'ignore' });
    return error === undefined && status === 0;
  });
}

/** Compiles the addon for one platform with a compiler that builds for it. */
function build([program, ...options], platform, arch) {
  const temporary = mkdtempSync(join(tmpdir(), 'maxent-addon-'));
  const run = (...args) =>
    execFileSync(program, [...options, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    const { compile, link } = platformOptions[platform];
    const objects = [];
    const compileFile = (file, object, extra) => {
      objects.push(join(temporary, `${object}.o`));
      run(...compileOptions, ...compile, ...extra, '-c', join(sources, file), '-o', objects.at(-1));
    };
    compileFile('addon.c', 'addon', [`-I${headers}`]);
    compileFile('pool.c', 'pool', []);
    for (const [name, flags] of Object.entries(instructionSets[arch])) {
      compileFile('kernels.c', name, [...flags, `-DKERNELS=kernels_${name}`, `-DKERNELS_NAME="${name}"`]);
    }
    const made = join(temporary, 'addon.node');
    run(...link, '-o', made, ...objects);
    const directory = join(packageDirectory, 'prebuilds');
    mkdirSync(directory, { recursive: true });
    copyFileSync(made, join(directory, `${platform}-${arch}.node`));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const { platform, arch } = process;
const compiler = findCompiler();
if (platformOptions[platform] === undefined || instructionSets[arch] === undefined) {
  process.stdout.write(`the addon is not built: there is none for ${platform}-${arch}\n`);
} else if (compiler === undefined) {
  process.stdout.write('the addon is not built: no C compiler was found; WebAssembly does the work\n');
} else {
  build(compiler, platform, arch);
}
