import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackendName, selectBackend } from '@maxent/backend';
import { holds } from '@maxent/bench';
import { InvalidInputError } from '@maxent/core';
import type { Experiment } from '@maxent/examples';
import { writeOutputFile } from '@maxent/training/node';
import type { ReproduceAnswer } from '../answers/reproduce.js';
import type { CommandIo } from '../process/command-io.js';
import { resolvePath } from '../process/paths.js';
import { provenance } from '../runs/provenance.js';
import { type StoredUnit, UnitResults } from './unit-results.js';

export interface RunExperimentOptions {
  readonly name: string;
  readonly experiment: Experiment;
  /** As the caller wrote it. */
  readonly directory: string;
  /** Part of the names of the units to run. */
  readonly only?: string | undefined;
  readonly backend?: BackendName | 'auto' | undefined;
}

/**
 * Runs the units of an experiment that have no result yet, and judges the results once all are there. A unit's result
 * is stored as soon as it ends, so that work that is cut off, or spread over processes, goes on where it was.
 */
export async function runExperiment(
  { name, experiment, directory, only, backend }: RunExperimentOptions,
  io: CommandIo,
): Promise<ReproduceAnswer> {
  const { units, claim } = experiment;
  const chosenUnits = units.filter((unit) => unit.name.includes(only ?? ''));
  if (chosenUnits.length === 0) {
    throw new InvalidInputError(
      '--only',
      `expected part of the name of a unit such as ${units[0]!.name}, got "${only}"`,
    );
  }
  const path = resolvePath(io, directory);
  const results = new UnitResults(name, path);
  // Once: the checkout may change while the program goes on with what it has loaded.
  const { versions, machine } = provenance(await selectBackend({ prefer: backend, askedBy: '--backend' }));
  for (const unit of chosenUnits) {
    if ((await results.read(unit.name)) !== undefined) continue;
    io.writeError(`${unit.name}\n`);
    const startedAt = new Date().toISOString();
    const start = performance.now();
    const result = await unit.run((line) => io.writeError(`${unit.name}: ${line}\n`));
    const seconds = (performance.now() - start) / 1000;
    await results.write({
      experiment: name,
      unit: unit.name,
      provenance: { startedAt, versions, machine },
      seconds,
      result,
    });
  }

  const stored = new Map<string, StoredUnit>();
  for (const unit of units) {
    const result = await results.read(unit.name);
    if (result !== undefined) stored.set(unit.name, result);
  }
  const head = {
    name,
    claim,
    directory,
    units: units.map((unit) => ({
      name: unit.name,
      commit: stored.get(unit.name)?.provenance.versions.commit ?? null,
      seconds: stored.get(unit.name)?.seconds ?? null,
    })),
  };
  if (stored.size < units.length) return { ...head, table: [], checks: [], holds: null, pictures: [] };
  const { table, checks, pictures } = experiment.conclude(
    new Map([...stored].map(([unit, { result }]) => [unit, result])),
  );
  await mkdir(path, { recursive: true });
  for (const [picture, svg] of Object.entries(pictures))
    await writeOutputFile(join(path, `${picture}.svg`), svg);
  const judged = checks.map((check) => ({ ...check, holds: holds(check) }));
  return {
    ...head,
    table: [...table],
    checks: judged,
    holds: judged.length === 0 ? null : judged.every((check) => check.holds),
    pictures: Object.keys(pictures).map((picture) => join(directory, `${picture}.svg`)),
  };
}
