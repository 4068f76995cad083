import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An open file that only grows. */
export interface AppendFile {
  append(content: Uint8Array | string): Promise<void>;
  /** Returns once everything appended is on disk. */
  sync(): Promise<void>;
  /** Does nothing once the file is closed. */
  close(): Promise<void>;
}

/** The file operations that write a run's data; tests interrupt a run at each of them. */
export interface FileOperations {
  /**
   * Returns once the bytes are on disk in a new file: an existing file or link of that name is removed, not followed.
   */
  writeFile(path: string, content: Uint8Array | string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Returns once the names in a directory are on disk. */
  syncDirectory(path: string): Promise<void>;
  /** Removes a file or a directory with its content; does nothing if there is none. */
  remove(path: string): Promise<void>;
  /** With `fresh`, the file must be new: the error is EEXIST if something already has that name. */
  openToAppend(path: string, options?: { readonly fresh?: boolean }): Promise<AppendFile>;
}

export const nodeFileOperations: FileOperations = {
  writeFile: async (path, content) => {
    await rm(path, { force: true });
    await withHandle(path, 'wx', async (handle) => {
      await handle.writeFile(content);
      await handle.sync();
    });
  },
  makeDirectory,
  rename,
  syncDirectory: async (path) => {
    // Windows cannot open a directory for this and keeps names without it.
    if (process.platform !== 'win32') await withHandle(path, 'r', (handle) => handle.sync());
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
  openToAppend: async (path, { fresh = false } = {}) => {
    const handle = await open(path, fresh ? 'ax' : 'a');
    return {
      append: (content) => handle.appendFile(content),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },
};

/** The same operations, each run only if `guard` does not throw. */
export function guardedFiles(files: FileOperations, guard: () => Promise<void>): FileOperations {
  return {
    writeFile: (path, content) => guard().then(() => files.writeFile(path, content)),
    makeDirectory: (path) => guard().then(() => files.makeDirectory(path)),
    rename: (from, to) => guard().then(() => files.rename(from, to)),
    syncDirectory: (path) => guard().then(() => files.syncDirectory(path)),
    remove: (path) => guard().then(() => files.remove(path)),
    openToAppend: (path, options) => guard().then(() => files.openToAppend(path, options)),
  };
}

/**
 * Makes a directory and its parents; does nothing if it exists. Replaces Node's own recursive `mkdir`, which in Node 20
 * never returns if the system answers ENOENT to any new name, as it does below /proc.
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    await makeDirectory(parent);
    await mkdir(path);
  }
}

async function withHandle(path: string, flags: string, use: (handle: FileHandle) => Promise<void>) {
  const handle = await open(path, flags);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

/** The code of an operating system error (`ENOENT`, ...), or undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined;
}
