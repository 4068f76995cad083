import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MockInstance, vi } from 'vitest';
import { type AppendFile, type FileOperations, nodeFileOperations } from '../node/file-operations.js';

/**
 * What goes wrong at one file operation, which is left half done if possible: a single I/O error, a disk that is full
 * from then on, or the end of the process, after which nothing more happens.
 */
export type Fault = 'EIO' | 'ENOSPC' | 'kill';

/**
 * Counts the file operations of this process's runs and makes the n-th fail, until `restore`. Nothing waits for the
 * disk, because the machine keeps running.
 */
export class FaultyFiles {
  operations = 0;
  private readonly spies: MockInstance[] = [];

  constructor(
    private readonly fault?: Fault,
    private readonly faultAt = Number.POSITIVE_INFINITY,
  ) {
    const real: FileOperations = { ...nodeFileOperations };
    const write = async (path: string, content: Uint8Array | string) => {
      await rm(path, { force: true });
      await writeFile(path, content);
    };
    const half = (content: Uint8Array | string) => content.slice(0, content.length / 2);
    this.replace('writeFile', (path, content) =>
      this.perform(
        'write',
        () => write(path, content),
        () => write(path, half(content)),
      ),
    );
    this.replace('makeDirectory', (path) => this.perform('write', () => real.makeDirectory(path)));
    this.replace('rename', (from, to) => this.perform('free', () => real.rename(from, to)));
    this.replace('syncDirectory', (path) => this.perform('write', () => access(path)));
    this.replace('remove', (path) =>
      this.perform(
        'free',
        () => real.remove(path),
        // A directory loses its files one by one, the manifest last.
        () => rm(join(path, 'arrays.safetensors'), { force: true }).catch(() => undefined),
      ),
    );
    this.replace('openToAppend', (path, options) =>
      this.perform('write', async () => this.faultyFile(await real.openToAppend(path, options), half)),
    );
  }

  restore(): void {
    for (const spy of this.spies) spy.mockRestore();
  }

  private replace<Name extends keyof FileOperations>(name: Name, operation: FileOperations[Name]): void {
    // biome-ignore lint/suspicious/noExplicitAny: the types of all methods do not fit into one call.
    this.spies.push(vi.spyOn(nodeFileOperations, name).mockImplementation(operation as any));
  }

  private faultyFile(
    file: AppendFile,
    half: (content: Uint8Array | string) => Uint8Array | string,
  ): AppendFile {
    return {
      append: (content) =>
        this.perform(
          'write',
          () => file.append(content),
          () => file.append(half(content)),
        ),
      sync: () => this.perform('write', async () => undefined),
      // The system releases a file even if closing it fails or the process ends.
      close: () => file.close().then(() => this.perform('free', async () => undefined)),
    };
  }

  /** Operations that need no space on the disk still work when it is full. */
  private async perform<T>(
    needs: 'write' | 'free',
    operation: () => Promise<T>,
    half?: () => Promise<unknown>,
  ): Promise<T> {
    this.operations += 1;
    const { operations, fault, faultAt } = this;
    if (operations < faultAt || (fault === 'EIO' && operations > faultAt)) return operation();
    if (fault === 'ENOSPC' && operations > faultAt && needs === 'free') return operation();
    if (operations === faultAt) await half?.();
    if (fault === 'kill') throw new Error('killed');
    throw Object.assign(new Error(`${fault}: the system cannot do it`), { code: fault, syscall: 'write' });
  }
}
