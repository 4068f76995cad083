// Compiles the declarations of packed packages as a strict consumer does, without skipLibCheck.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Packages whose declarations have errors of their own without skipLibCheck, and why nothing can be done here. */
const UPSTREAM = {
  '@tensorflow/tfjs-core': 'names the type Long of @types/long, which it does not depend on',
  '@webgpu/types': 'a dependency of @types/three or tfjs; declares what TypeScript 6 has in lib.dom',
  typescript: 'lib.dom, where it meets @webgpu/types',
};

/**
 * Imports every entry of the packages, which lie unpacked in `work`/node_modules, with what they depend on linked from
 * the workspace. Returns the errors in declarations of ours and of packages that are not known to have some.
 */
export function compileDeclarations(work, packages) {
  const ours = new Set(packages.map(({ name }) => name));
  // Browser code must do without Node's types; what runs in Node alone may ask for them.
  const imports = { browser: [], node: [] };
  link(join(root, 'node_modules/@types/node'), join(work, 'node_modules/@types/node'));
  for (const { directory, name, manifest } of packages) {
    const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const dependency of Object.keys(dependencies).filter((each) => !ours.has(each))) {
      link(join(directory, 'node_modules', dependency), join(work, 'node_modules', dependency));
      const types = `@types/${dependency}`;
      link(join(directory, 'node_modules', types), join(work, 'node_modules', types));
    }
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      if (target.types === undefined) continue;
      const runtime = entry.endsWith('/node') || dirname(directory).endsWith('apps') ? 'node' : 'browser';
      imports[runtime].push(`import ${JSON.stringify(name + entry.slice(1))};`);
    }
  }
  return Object.entries(imports).flatMap(([runtime, lines]) => {
    const file = `consumer-${runtime}.mts`;
    writeFileSync(join(work, file), `${lines.join('\n')}\n`);
    return compile(work, { files: [file], types: runtime === 'node' ? ['node'] : [] });
  });
}

function link(target, place) {
  if (!existsSync(target) || existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(target, place, 'dir');
}

/**
 * Compiles files of `directory` strictly, without skipLibCheck. Returns the errors, those in packages that are known to
 * have some left out.
 */
export function compile(directory, { files, types = [], options = {} }) {
  const configuration = 'tsconfig.compile.json';
  writeFileSync(
    join(directory, configuration),
    JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        lib: ['ES2022', 'DOM'],
        module: 'NodeNext',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        types,
        ...(options.declaration ? {} : { noEmit: true }),
        ...options,
      },
      files,
    }),
  );
  try {
    const argv = [tsc, '--pretty', 'false', '-p', configuration];
    execFileSync(process.execPath, argv, { cwd: directory, encoding: 'utf8' });
    return [];
  } catch ({ stdout }) {
    const errors = stdout.split('\n').filter((line) => /\berror TS/.test(line));
    return errors.filter((error) => !(packageOf(error) in UPSTREAM));
  }
}

/** The package in whose files the compiler found an error; undefined for files of the directory itself. */
function packageOf(error) {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(error.split(': error TS')[0])?.[1];
}
