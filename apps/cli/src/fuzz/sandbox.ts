import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AlteredRun, PIPE } from './document.js';

const CANARY = 'not of the run';

/**
 * A directory in which a command line runs, surrounded by files that no run may read or change: next to the run, above
 * it, and in a folder reached by `../` from the name of a checkpoint or segment.
 */
export class Sandbox {
  private constructor(
    /** The working directory. */
    readonly directory: string,
    private readonly outside: readonly string[],
  ) {}

  static async create(directory: string): Promise<Sandbox> {
    const work = join(directory, 'outer', 'work');
    await mkdir(work, { recursive: true });
    const outside = [
      join(directory, 'canary.json'),
      join(directory, 'outer', 'canary.safetensors'),
      join(work, 'canary.json'),
      join(work, 'evil', 'config.json'),
      join(work, 'evil', 'index.mjs'),
    ];
    for (const path of outside) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, path.endsWith('.mjs') ? `throw new Error('${CANARY}');` : CANARY);
    }
    return new Sandbox(work, outside);
  }

  /** Puts an altered copy of a run into `run`. */
  async prepare({ source, files }: AlteredRun): Promise<void> {
    const run = join(this.directory, 'run');
    await rm(run, { recursive: true, force: true });
    await cp(source, run, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      const path = join(run, name);
      await rm(path, { force: true });
      if (content === PIPE) execFileSync('mkfifo', [path]);
      else if (content !== null) await writeFile(path, Buffer.from(content, 'base64'));
    }
  }

  /** What a command touched or read outside the run, or undefined. */
  async trespass(output: string): Promise<string | undefined> {
    if (output.includes(CANARY)) return 'a file outside the run was read';
    for (const path of this.outside) {
      const content = await readFile(path, 'utf8').catch(() => undefined);
      if (content === undefined || !content.includes(CANARY)) return `${path} was changed`;
    }
    const known = new Set(['run', 'refused', 'canary.json', 'evil']);
    const strange = (await readdir(this.directory)).find((name) => !known.has(name));
    if (strange !== undefined) return `${strange} was created outside the run`;
    const evil = await stat(join(this.directory, 'evil'));
    return evil.isDirectory() ? undefined : 'evil was replaced';
  }
}
