import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, readlink, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError, isMaxentError, LockLostError } from '@maxent/core';
import * as z from 'zod';
import { nodeFileOperations, systemErrorCode } from './file-operations.js';
import { assertPlainFileOrNone, READ_ONLY, readStoredTextIfThere } from './stored-file.js';

/** Nobody waits longer than this for a lock, whatever it says. */
const LONGEST_EXPIRY_SECONDS = 3600;

/**
 * Who holds a lock. `startTime` distinguishes a process from a later one with the same id; null if it is unknown.
 * `place` is the namespace of the id: containers may share a host name. `epoch` rises whenever a lock is taken from a
 * holder that gave no sign of life for `expirySeconds`.
 */
const holderSchema = z.object({
  host: z.string(),
  pid: z.int(),
  startTime: z.string().nullable(),
  place: z.string().nullable().default(null),
  epoch: z.int().min(0).default(0),
  expirySeconds: z.number().positive().max(LONGEST_EXPIRY_SECONDS).default(60),
});
type Holder = z.output<typeof holderSchema>;

/** Default time that a holder may go without a sign of life. */
const EXPIRY_SECONDS = 60;

/** Number of signs of life within that time. */
const BEATS = 6;

/** A lock file that was created but is still empty counts for this long. */
const WRITING_SECONDS = 2;

export interface RunLockOptions {
  /** A lock can be taken if its holder has given no sign of life for this long; default 60. */
  readonly expirySeconds?: number | undefined;
}

/**
 * Keeps two processes from writing to the same run directory. The lock of a process that has ended on this machine does
 * not count. The holder rewrites the file as a sign of life; any other lock, held on another machine or by a suspended
 * process, can be taken once it has not been rewritten for its expiry time. A process that wakes up after that finds
 * another epoch in the file, and `assertHeld` stops it before it writes.
 */
export class RunLock {
  private readonly beat: NodeJS.Timeout;
  private lost = false;

  constructor(
    private readonly directory: string,
    private readonly content: string,
    private readonly handle: FileHandle,
    expirySeconds: number,
    /** Whether the previous holder did not release it. */
    readonly taken: boolean,
  ) {
    this.beat = setInterval(() => void this.giveSign(), (expirySeconds * 1000) / BEATS);
    this.beat.unref();
  }

  /**
   * Throws InvalidInputError with field `lockExpirySeconds` if the expiry is out of range, and with field `out` if a
   * process that is or may be alive holds the lock.
   */
  static async acquire(
    directory: string,
    { expirySeconds = EXPIRY_SECONDS }: RunLockOptions = {},
  ): Promise<RunLock> {
    if (!(expirySeconds > 0 && expirySeconds <= LONGEST_EXPIRY_SECONDS)) {
      throw new InvalidInputError(
        'lockExpirySeconds',
        `expected more than 0 and at most ${LONGEST_EXPIRY_SECONDS}, got ${expirySeconds}`,
      );
    }
    const path = join(directory, 'lock');
    for (;;) {
      const content = await readStoredTextIfThere(path);
      if (content === undefined) {
        const made = await createLock(directory, path, { epoch: 1, expirySeconds }, false);
        if (made !== undefined) return made;
        continue;
      }
      const holder = parseHolder(content);
      const age = await ageOf(directory, path);
      if (age === undefined) continue;
      await assertFree(directory, path, holder, age);
      const taken = await takeOver(directory, path, content, {
        // A file may hold any number, and the next one must be readable too.
        epoch: ((holder?.epoch ?? 0) + 1) % Number.MAX_SAFE_INTEGER,
        expirySeconds,
      });
      if (taken !== undefined) return taken;
    }
  }

  /** Throws LockLostError if another process has taken the lock or somebody has removed it. */
  async assertHeld(): Promise<void> {
    const now = this.lost ? undefined : await readStoredTextIfThere(this.path);
    if (now === this.content) return;
    this.lost = true;
    clearInterval(this.beat);
    const holder = now === undefined ? undefined : parseHolder(now);
    const who = holder === undefined ? 'another process, or its lock was removed' : nameOf(holder);
    throw new LockLostError(
      `"${this.directory}" was taken over by ${who}, because this process had given no sign of life for too long. It has ` +
        'written nothing since then and stops here; the run continues, or can be resumed, from its last checkpoint.',
    );
  }

  async release(): Promise<void> {
    clearInterval(this.beat);
    try {
      await this.assertHeld();
      await nodeFileOperations.remove(this.path);
    } catch (error) {
      if (!isMaxentError(error, 'LOCK_LOST')) throw error;
    } finally {
      await this.handle.close();
    }
  }

  private get path(): string {
    return join(this.directory, 'lock');
  }

  /** Uses the file handle, which still leads to this process's own file after another one has replaced it. */
  private async giveSign(): Promise<void> {
    try {
      await this.handle.write(this.content, 0);
    } catch {
      // What is wrong with the disk shows when rows or checkpoints are written.
    }
  }
}

interface Claim {
  readonly epoch: number;
  readonly expirySeconds: number;
}

/** Undefined if another process was faster. */
async function createLock(
  directory: string,
  path: string,
  { epoch, expirySeconds }: Claim,
  taken: boolean,
): Promise<RunLock | undefined> {
  const content = await contentOf({ epoch, expirySeconds });
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx');
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return undefined;
    throw error;
  }
  try {
    await handle.write(content, 0);
  } catch (error) {
    await handle.close();
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
  return new RunLock(directory, content, handle, expirySeconds, taken);
}

/**
 * Replaces a stale lock with a new one, without a moment when there is none. If several processes try, one holds
 * `lock.taking` and looks again. Undefined if another process was faster.
 */
async function takeOver(
  directory: string,
  path: string,
  stale: string,
  claim: Claim,
): Promise<RunLock | undefined> {
  const turn = `${path}.taking`;
  try {
    await (await open(turn, 'wx')).close();
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    await assertPlainFileOrNone(turn);
    // A process that ended within these few lines left it behind.
    const age = await ageOf(directory, turn);
    if (age !== undefined && age > WRITING_SECONDS) await rm(turn, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 10));
    return undefined;
  }
  try {
    if ((await readStoredTextIfThere(path)) !== stale) return undefined;
    const temporary = `${path}.${randomUUID()}`;
    const lock = await createLock(directory, temporary, claim, true);
    if (lock === undefined) return undefined;
    try {
      await rename(temporary, path);
    } catch (error) {
      await lock.release();
      await rm(temporary, { force: true });
      throw error;
    }
    return lock;
  } finally {
    await rm(turn, { force: true }).catch(() => undefined);
  }
}

/** Throws InvalidInputError with field `out` unless the lock can be taken. */
async function assertFree(
  directory: string,
  path: string,
  holder: Holder | undefined,
  age: number,
): Promise<void> {
  const remaining = (holder?.expirySeconds ?? WRITING_SECONDS) - age;
  if (remaining < 0 || (holder !== undefined && (await hasEnded(holder)))) return;
  const who = holder === undefined ? 'another process' : nameOf(holder);
  throw new InvalidInputError(
    'out',
    `"${directory}" is in use by ${who}, which gave its last sign of life ${seconds(age)} ago; wait for it to end, or ` +
      `choose another directory. If it is gone, the run can be taken over in ${seconds(Math.ceil(remaining))}, or at ` +
      `once when you delete "${path}"`,
  );
}

function seconds(value: number): string {
  const rounded = Math.round(value);
  return rounded === 1 ? '1 second' : `${rounded} seconds`;
}

function nameOf({ pid, host }: Holder): string {
  return `process ${pid} on ${host}`;
}

async function contentOf(claim: Claim): Promise<string> {
  const holder: Holder = {
    host: hostname(),
    pid: process.pid,
    startTime: await startTimeOf(process.pid),
    place: await placeOfProcesses(),
    ...claim,
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

/** Whether the process is known to have ended. Nothing is known about a process on another machine. */
async function hasEnded({ host, pid, startTime, place }: Holder): Promise<boolean> {
  if (host !== hostname()) return false;
  const here = await placeOfProcesses();
  if (place !== null && here !== null && place !== here) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, but it belongs to another user.
    if (systemErrorCode(error) === 'ESRCH') return true;
  }
  const current = await startTimeOf(pid);
  return startTime !== null && current !== null && startTime !== current;
}

/** Start of a process in clock ticks since boot (proc_pid_stat(5), field 22), or null if there is no /proc. */
async function startTimeOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is a name in parentheses that may contain spaces.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** The namespace of process ids (namespaces(7)), or null if there is no /proc. */
function placeOfProcesses(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(() => null);
}

/**
 * Seconds since a file was written, or undefined if it is gone. Measured against a file written now in the same
 * directory, because the clocks of machines that share it may differ. A time in the future, left by a clock that was
 * set back, counts like one in the past: a living holder would have written since.
 */
async function ageOf(directory: string, path: string): Promise<number | undefined> {
  const probe = join(directory, `lock.${randomUUID()}.probe`);
  const now = await open(probe, 'wx');
  try {
    await now.write(' ');
    const written = await modifiedAt(path);
    return written === undefined ? undefined : Math.abs((await now.stat()).mtimeMs - written) / 1000;
  } finally {
    await now.close();
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Queries an open file, because a network file system then checks the file itself and not its cache. */
async function modifiedAt(path: string): Promise<number | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, READ_ONLY);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return (await handle.stat()).mtimeMs;
  } finally {
    await handle.close();
  }
}
