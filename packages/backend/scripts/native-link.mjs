// pnpm native:link --from DIR: builds tfjs-node's addon from the package's own C++ against a TensorFlow C library that
// is already here. DIR/lib holds libtensorflow or libtensorflow_cc with libtensorflow_framework, DIR/include the
// headers, as in TensorFlow's archives and as scripts/tensorflow_from_wheel.py lays them out.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkThatItLoads, fail, nativeDirectory, run } from './native-package.mjs';

const usage = 'usage: pnpm native:link --from DIR [--node-headers DIR]';

function options() {
  try {
    const { values } = parseArgs({
      options: { from: { type: 'string' }, 'node-headers': { type: 'string' } },
    });
    if (values.from === undefined)
      fail(`--from is required: the directory with TensorFlow's lib and include\n${usage}`);
    // pnpm runs scripts in the workspace; the caller's path is relative to the caller's own directory.
    const from = resolve(process.env.INIT_CWD ?? '.', values.from);
    return { from, nodeHeaders: values['node-headers'] };
  } catch (error) {
    fail(`${error.message}\n${usage}`);
  }
}

/** The files that the addon needs at run time, under the names it asks for. */
function libraries(from) {
  const directory = join(from, 'lib');
  const names = existsSync(directory) ? readdirSync(directory) : [];
  // The linker records the library's soname, which ends in the major version.
  const versioned = (stem) => names.find((name) => new RegExp(`^${stem}\\.(so\\.2|2\\.dylib)$`).test(name));
  const main = versioned('libtensorflow') ?? versioned('libtensorflow_cc');
  const framework = versioned('libtensorflow_framework');
  if (main === undefined || framework === undefined) {
    fail(
      `${directory} must hold libtensorflow.so.2 (or libtensorflow_cc.so.2) and libtensorflow_framework.so.2, but has ` +
        `${names.join(', ') || 'nothing'}`,
    );
  }
  if (!existsSync(join(from, 'include/tensorflow/c/eager/c_api.h'))) {
    fail(`${join(from, 'include')} must hold TensorFlow's headers, but has no tensorflow/c/eager/c_api.h`);
  }
  return { directory, names: [main, framework] };
}

/** Node's C headers: next to this Node, in the system, or from npm's package of this Node release. */
function nodeHeaders(given) {
  const candidates = [
    ...(given === undefined ? [] : [resolve(process.env.INIT_CWD ?? '.', given)]),
    join(dirname(dirname(process.execPath)), 'include/node'),
    '/usr/include/node',
  ];
  const found = candidates.find((directory) => existsSync(join(directory, 'node_api.h')));
  if (given !== undefined && found !== candidates[0]) fail(`${candidates[0]} has no node_api.h`);
  if (found !== undefined) return { directory: found, remove: () => {} };
  const temporary = mkdtempSync(join(tmpdir(), 'node-headers-'));
  const [major] = process.versions.node.split('.');
  const name = `node-${process.platform}-${process.arch}`;
  run('npm', ['install', '--silent', '--no-save', '--prefix', temporary, `${name}@${major}`], {
    explanation: "give Node's headers with --node-headers DIR",
  });
  return {
    directory: join(temporary, 'node_modules', name, 'include/node'),
    remove: () => rmSync(temporary, { recursive: true }),
  };
}

const { from, nodeHeaders: givenHeaders } = options();
const directory = nativeDirectory();
const { directory: libraryDirectory, names } = libraries(from);
const headers = nodeHeaders(givenHeaders);

// tfjs-node looks for this N-API version on every Node it knows; newer Nodes load it as well.
const addonDirectory = join(directory, 'lib/napi-v8');
const linkDirectory = join(directory, 'deps/lib');
rmSync(join(directory, 'deps'), { recursive: true, force: true });
mkdirSync(addonDirectory, { recursive: true });
mkdirSync(linkDirectory, { recursive: true });
for (const name of names) symlinkSync(join(libraryDirectory, name), join(linkDirectory, name));

const relative = process.platform === 'darwin' ? '@loader_path' : '$ORIGIN';
run(
  process.env.CXX ?? 'g++',
  [
    ...['-std=c++17', '-O2', '-shared', '-fPIC', '-DNAPI_VERSION=8'],
    ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
    ...['-I', headers.directory, '-I', join(from, 'include'), '-I', dirname(directory)],
    ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'],
    ...['-o', join(addonDirectory, 'tfjs_binding.node')],
    ...names.map((name) => join(linkDirectory, name)),
    `-Wl,-rpath,${relative}/../../deps/lib`,
  ],
  { cwd: directory, explanation: 'a C++17 compiler is needed; set CXX to use one other than g++' },
);
headers.remove();
checkThatItLoads(directory);
