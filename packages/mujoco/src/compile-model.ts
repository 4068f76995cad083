import { InvalidInputError, nearestNames, showValue } from '@maxent/core';
import type { Mujoco } from './load-mujoco.js';
import type { MemoryFiles, MjModel } from './mujoco-api.js';

/** Bytes of files by their paths relative to the model, with `/` between folders. */
export type ModelAssets = Readonly<Record<string, Uint8Array>>;

/** Where the files of a model are while it is compiled. */
const ROOT = '/model';

/** Modification times of files, in seconds; see `place`. */
let clock = 0;

/**
 * Compiles MJCF text that refers to files of `assets` and no others. Throws InvalidInputError naming the file if one is
 * missing or cannot be used, and otherwise with MuJoCo's message if the model does not compile.
 */
export function compileModel(mujoco: Mujoco, xml: string, assets: ModelAssets = {}): MjModel {
  const names = Object.keys(assets);
  try {
    return names.length === 0
      ? mujoco.MjModel.from_xml_string(xml)
      : compileInFolder(
          mujoco,
          xml,
          new Map(names.map((name) => [pathOf(name, assets[name]), assets[name]!])),
        );
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    const message = cause instanceof Error ? cause.message.trim() : String(cause);
    throw explain(message.replaceAll(new RegExp(`${ROOT}/(up/)*`, 'g'), ''), names, cause);
  }
}

/**
 * MuJoCo has its own virtual file system, but keeps decoded meshes and images by name and takes a file of the same name
 * and length for the same file. In Emscripten's file system it compares modification times.
 */
function compileInFolder(mujoco: Mujoco, xml: string, files: ReadonlyMap<string, Uint8Array>): MjModel {
  // So deep that names that begin with ../ still lie below the root.
  const ups = Math.max(
    ...[...files.keys()].map((path) => path.split('/').filter((part) => part === '..').length),
  );
  const folder = ROOT + '/up'.repeat(ups);
  let main = 'model.xml';
  while (files.has(main)) main = `_${main}`;
  try {
    mujoco.FS.mkdirTree(folder);
    for (const [path, bytes] of files) place(mujoco.FS, `${folder}/${path}`, bytes);
    place(mujoco.FS, `${folder}/${main}`, xml);
    return mujoco.MjModel.from_xml_path(`${folder}/${main}`);
  } finally {
    remove(mujoco.FS, ROOT);
  }
}

/** Writes a file with a modification time that no other file ever has: MuJoCo must not take it for an earlier one. */
function place(files: MemoryFiles, path: string, content: Uint8Array | string): void {
  files.mkdirTree(path.slice(0, path.lastIndexOf('/')));
  files.writeFile(path, content);
  clock += 1;
  files.utime(path, 1000 * clock, 1000 * clock);
}

function remove(files: MemoryFiles, path: string): void {
  if (!files.isDir(files.stat(path).mode)) {
    files.unlink(path);
    return;
  }
  for (const name of files.readdir(path)) if (name !== '.' && name !== '..') remove(files, `${path}/${name}`);
  files.rmdir(path);
}

/** Returns the path without `.` and without `..` after another part. */
function pathOf(name: string, bytes: unknown): string {
  const field = `assets[${JSON.stringify(name)}]`;
  if (!(bytes instanceof Uint8Array)) {
    throw new InvalidInputError(
      field,
      `expected the bytes of the file as a Uint8Array, got ${showValue(bytes)}`,
    );
  }
  const path: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..' && path.length > 0 && path.at(-1) !== '..') path.pop();
    else if (part !== '.') path.push(part);
  }
  if (path.includes('') || path.length === 0 || path.at(-1) === '..') {
    throw new InvalidInputError(field, 'expected a path relative to the model, such as meshes/arm.stl');
  }
  return path.join('/');
}

function explain(message: string, names: readonly string[], cause: unknown): InvalidInputError {
  const missing = /Error opening file '([^']*)'/.exec(message)?.[1];
  if (missing === undefined) {
    return new InvalidInputError('model', `MuJoCo cannot compile it: ${message}`, { cause });
  }
  const near = nearestNames(missing, names);
  const found =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `got ${names.join(', ') || 'no files'}`;
  return new InvalidInputError(
    'assets',
    `expected the bytes of "${missing}", which the model refers to; ${found}`,
    { cause },
  );
}
