import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import type { ModelAssets } from '../compile-model.js';
import { type FileReference, fileReferencesOf, type ModelFileReferences } from './file-references.js';

export interface ReadModelOptions {
  /**
   * The folder that all files must be in. Default: the model's own; give a folder above it for a model that names files
   * beside its folder, such as `../meshes/arm.stl`.
   */
  readonly folder?: string | undefined;
}

/** A model as `MujocoTask` takes it. */
export interface ModelFiles {
  readonly model: string;
  readonly assets: ModelAssets;
}

interface Reading {
  readonly files: ModelFiles;
  /** What shows that a file has not changed since. */
  readonly versions: ReadonlyMap<string, string>;
}

const readings = new Map<string, Promise<Reading>>();

/**
 * Reads a MuJoCo model with the includes, meshes, height fields, textures and other files that it refers to, all of them
 * from one folder and the folders in it. Files are read once per thread, and again when one of them has changed; the
 * result is the same object, so that environments share one compiled model.
 *
 * @throws InvalidInputError naming the file, if one is missing, is outside the folder, or is reached by a symbolic link
 * that leaves it.
 */
export async function readModel(path: string, { folder }: ReadModelOptions = {}): Promise<ModelFiles> {
  const main = resolve(path);
  const inside = resolve(folder ?? dirname(main));
  const key = JSON.stringify([main, inside]);
  const reading = readUnlessCurrent(readings.get(key), main, inside);
  readings.set(key, reading);
  return (await reading).files;
}

async function readUnlessCurrent(
  earlier: Promise<Reading> | undefined,
  main: string,
  folder: string,
): Promise<Reading> {
  const known = await earlier?.catch(() => undefined);
  return known !== undefined && (await isCurrent(known)) ? known : new ModelReader(folder).read(main);
}

async function isCurrent({ versions }: Reading): Promise<boolean> {
  const now = await Promise.all([...versions.keys()].map((path) => versionOf(path).catch(() => '')));
  return [...versions.values()].every((version, i) => version === now[i]);
}

async function versionOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path);
  return [mtimeMs, size, ino].join(' ');
}

class ModelReader {
  private readonly bytes = new Map<string, Uint8Array>();
  private readonly versions = new Map<string, string>();

  constructor(private readonly folder: string) {}

  async read(main: string): Promise<Reading> {
    if (!(await this.take(main))) {
      throw new InvalidInputError('path', `expected a MuJoCo model, but there is no file ${main}`);
    }
    await this.readDocument(main);
    const from = dirname(main);
    const assets = [...this.bytes].filter(([path]) => path !== main);
    return {
      files: {
        model: this.textOf(main),
        assets: Object.fromEntries(
          assets.map(([path, bytes]) => [relative(from, path).split(sep).join('/'), bytes] as const),
        ),
      },
      versions: this.versions,
    };
  }

  /** Reads what a model refers to, and what its includes do; their settings of the compiler apply to all of them. */
  private async readDocument(main: string): Promise<void> {
    const documents = new Map<string, ModelFileReferences>();
    const waiting = [main];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (documents.has(path)) continue;
      const found = fileReferencesOf(this.textOf(path));
      documents.set(path, found);
      for (const reference of found.references) {
        if (reference.element !== 'include') continue;
        waiting.push(...(await this.find(reference, path, [dirname(main), dirname(path)])));
      }
    }
    const all = [...documents.values()];
    const stripPath = all.some((document) => document.stripPath);
    const folders = ['', ...new Set(all.flatMap((document) => document.folders))];
    for (const [path, { references }] of documents) {
      const places = [dirname(main), dirname(path)].flatMap((base) =>
        folders.map((name) => resolve(base, name)),
      );
      for (const { element, file } of references) {
        if (element === 'include') continue;
        const name = stripPath ? file.slice(file.lastIndexOf('/') + 1) : file;
        const found = await this.find({ element, file: name }, path, places);
        // A model that is attached has its own includes and settings.
        if (element === 'model') for (const attached of found) await this.readDocument(attached);
      }
    }
  }

  /**
   * Reads a file from every place where MuJoCo may look for it: it has several rules. Returns where it is.
   */
  private async find({ element, file }: FileReference, from: string, places: string[]): Promise<string[]> {
    const what = `the model ${from} has <${element} file="${file}">`;
    if (isAbsolute(file)) {
      throw new InvalidInputError('path', `${what}; expected a path relative to the model`);
    }
    const candidates = [...new Set(places.map((place) => resolve(place, file)))];
    const found: string[] = [];
    for (const path of candidates) {
      if (isWithin(this.folder, path) && (await this.take(path, what))) found.push(path);
    }
    if (found.length > 0) return found;
    const outside = candidates.find((path) => !isWithin(this.folder, path));
    throw new InvalidInputError(
      'path',
      outside === undefined
        ? `${what}, but there is no such file: looked for ${candidates.join(', ')}`
        : `${what}; ${outside} is outside ${this.folder}, the only folder that files are read from: ` +
            'copy it there, or give a folder above as readModel(path, { folder })',
    );
  }

  /** Reads a file unless that is done. Returns whether there is one. */
  private async take(path: string, what = `the model ${path}`): Promise<boolean> {
    if (this.bytes.has(path)) return true;
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || !(await stat(real)).isFile()) return false;
    if (!isWithin(await realpath(this.folder), real)) {
      throw new InvalidInputError(
        'path',
        `${what}, a symbolic link to ${real}, which is outside ${this.folder}, the only folder that files are read from`,
      );
    }
    const version = await versionOf(real);
    this.bytes.set(path, new Uint8Array(await readFile(real)));
    this.versions.set(path, version);
    return true;
  }

  private textOf(path: string): string {
    return new TextDecoder().decode(this.bytes.get(path));
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
