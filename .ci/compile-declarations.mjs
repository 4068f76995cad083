// Compiles the declarations of packed packages as a strict consumer does, without skipLibCheck.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/**
 * Imports every entry of the packages, which lie unpacked in `work`/node_modules, with what they depend on linked from
 * the workspace. Returns the errors in declarations of ours, and prints which packages of others have some.
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
  const errors = Object.entries(imports).flatMap(([runtime, lines]) => errorsOf(work, runtime, lines));
  const others = errors.filter((error) => !/^(node_modules\/@maxent\/|consumer)/.test(error));
  const names = others.map((error) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(error)?.[1] ?? error);
  for (const name of new Set(names)) {
    const count = names.filter((each) => each === name).length;
    process.stdout.write(`declarations of ${name} have ${count} errors of their own without skipLibCheck\n`);
  }
  return errors.filter((error) => !others.includes(error));
}

function link(target, place) {
  if (!existsSync(target) || existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(target, place, 'dir');
}

function errorsOf(directory, runtime, lines) {
  writeFileSync(join(directory, `consumer-${runtime}.mts`), `${lines.join('\n')}\n`);
  const configuration = `tsconfig.${runtime}.json`;
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
        types: runtime === 'node' ? ['node'] : [],
        noEmit: true,
      },
      files: [`consumer-${runtime}.mts`],
    }),
  );
  try {
    const argv = [tsc, '--pretty', 'false', '-p', configuration];
    execFileSync(process.execPath, argv, { cwd: directory, encoding: 'utf8' });
    return [];
  } catch ({ stdout }) {
    return stdout.split('\n').filter((line) => /\): error TS/.test(line));
  }
}
