import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError } from '@maxent/core';
import { RunConfigSchema } from '@maxent/training';
import { writeOutputFile } from '@maxent/training/node';
import * as z from 'zod';

const storedUnit = z.object({
  experiment: z.string(),
  unit: z.string(),
  provenance: RunConfigSchema.shape.provenance,
  seconds: z.number(),
  result: z.unknown(),
});

/** The result of one unit of an experiment, with everything needed to get it again. */
export type StoredUnit = z.output<typeof storedUnit>;

/** The results in an experiment's directory, one JSON file per unit. */
export class UnitResults {
  constructor(
    private readonly experiment: string,
    private readonly directory: string,
  ) {}

  /** Undefined when the unit has not run yet. Throws DamagedDataError for a file that is not its result. */
  async read(unit: string): Promise<StoredUnit | undefined> {
    const file = this.file(unit);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    let stored: StoredUnit;
    try {
      stored = storedUnit.parse(JSON.parse(text));
    } catch (cause) {
      throw new DamagedDataError(`"${file}" is not the result of a unit; delete it to run the unit again`, {
        cause,
      });
    }
    if (stored.unit !== unit || stored.experiment !== this.experiment) {
      throw new DamagedDataError(
        `"${file}" holds "${stored.unit}" of ${stored.experiment}, not "${unit}" of ${this.experiment}; move it away to run the unit`,
      );
    }
    return stored;
  }

  /** Written under another name first: a unit that is cut off leaves no result. */
  async write(stored: StoredUnit): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await writeOutputFile(this.file(stored.unit), `${JSON.stringify(stored)}\n`);
  }

  private file(unit: string): string {
    return join(this.directory, `${unit}.json`);
  }
}
