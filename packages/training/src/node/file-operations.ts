import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The file operations that a checkpoint consists of; tests interrupt a checkpoint at each of them. */
export interface FileOperations {
  /** Returns once the bytes are on the disk, in a new file: one of that name, or a link, is removed and not followed. */
  writeFile(path: string, content: Uint8Array | string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Returns once the names in a directory are on the disk. */
  syncDirectory(path: string): Promise<void>;
  /** Removes a file or a directory with its content; does nothing when there is none. */
  remove(path: string): Promise<void>;
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
};

/** The same operations, each of them only after `guard` has not thrown. */
export function guardedFiles(files: FileOperations, guard: () => Promise<void>): FileOperations {
  return {
    writeFile: (path, content) => guard().then(() => files.writeFile(path, content)),
    makeDirectory: (path) => guard().then(() => files.makeDirectory(path)),
    rename: (from, to) => guard().then(() => files.rename(from, to)),
    syncDirectory: (path) => guard().then(() => files.syncDirectory(path)),
    remove: (path) => guard().then(() => files.remove(path)),
  };
}

/**
 * Makes a directory and those above it; does nothing when it exists. Not Node's own recursive `mkdir`, which in Node 20
 * never returns where the system answers ENOENT to any new name, as it does below /proc.
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
