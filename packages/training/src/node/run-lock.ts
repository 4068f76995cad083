import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { z } from 'zod';
import { systemErrorCode } from './file-operations.js';

/** Who holds a lock. `startTime` tells a process from a later one with the same id; null where it is unknown. */
const holderSchema = z.object({ host: z.string(), pid: z.number().int(), startTime: z.string().nullable() });
type Holder = z.output<typeof holderSchema>;

/** A file that was created but not yet written is given this long. */
const WRITING_MILLISECONDS = 2000;

/** Keeps two processes from writing to the same run directory. The lock of a killed process does not count. */
export class RunLock {
  private constructor(private readonly path: string) {}

  /** Throws InvalidInputError with field `out` when a running process holds the lock. */
  static async acquire(directory: string): Promise<RunLock> {
    const path = join(directory, 'lock');
    for (;;) {
      try {
        await writeFile(path, await holderOfThisProcess(), { flag: 'wx' });
        return new RunLock(path);
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST') throw error;
      }
      const content = await readIfPresent(path);
      if (content === undefined) continue;
      const holder = parseHolder(content);
      if (holder === undefined ? await isBeingWritten(path) : await isRunning(holder)) {
        throw new InvalidInputError(
          'out',
          `"${directory}" is in use by ${holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`}; ` +
            `wait for it to end, choose another directory, or delete "${path}" if no process uses it`,
        );
      }
      await removeStale(path, content);
    }
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

async function holderOfThisProcess(): Promise<string> {
  const holder: Holder = {
    host: hostname(),
    pid: process.pid,
    startTime: await startTimeOf(process.pid),
  };
  return JSON.stringify(holder);
}

function parseHolder(content: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(content));
  } catch {
    return undefined;
  }
}

async function isRunning({ host, pid, startTime }: Holder): Promise<boolean> {
  // Nothing can be known about a process on another machine.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    if (systemErrorCode(error) === 'ESRCH') return false;
  }
  const current = await startTimeOf(pid);
  return startTime === null || current === null || startTime === current;
}

/** Start of a process in clock ticks since boot (proc_pid_stat(5), field 22), or null where there is no /proc. */
async function startTimeOf(pid: number): Promise<string | null> {
  const stat = await readIfPresent(`/proc/${pid}/stat`);
  // The second field is a name in parentheses that may hold spaces.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function isBeingWritten(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs < WRITING_MILLISECONDS;
  } catch {
    return false;
  }
}

/** Moves the lock away before deleting it, so that of two processes only one removes it, and not a fresh one. */
async function removeStale(path: string, content: string): Promise<void> {
  const moved = `${path}.${process.pid}.stale`;
  try {
    await rename(path, moved);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readIfPresent(moved)) === content) await rm(moved, { force: true });
  else await rename(moved, path);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
