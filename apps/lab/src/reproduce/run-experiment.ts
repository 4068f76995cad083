import { type BackendName, selectBackend } from '@maxent/backend';
import { InvalidInputError } from '@maxent/core';
import { provenance } from '@maxent/library/runs';
import type { UnitExperiment } from '../experiments/experiment.js';
import { type JudgeAnswer, judgeExperiment, readUnits } from '../judge/judge-experiment.js';
import { UnitResults } from '../results/unit-results.js';

/** What `lab reproduce NAME --json` prints: the judgment, and where its results come from. */
export interface ReproduceAnswer extends JudgeAnswer {
  readonly directory: string;
  readonly units: readonly {
    readonly name: string;
    /** Of maxent, when the unit ran; null while it has not run. */
    readonly commit: string | null;
    /** Wall-clock time; null while it has not run. */
    readonly seconds: number | null;
  }[];
}

export interface RunExperimentOptions {
  readonly name: string;
  readonly experiment: UnitExperiment;
  readonly directory: string;
  /** Part of the names of the units to run. */
  readonly only?: string | undefined;
  readonly backend?: BackendName | 'auto' | undefined;
  /** Takes one line about how far the work is. */
  readonly progress: (line: string) => void;
}

/**
 * Runs the units of an experiment that have no result yet, and judges the results once all are there. A unit's result
 * is stored as soon as it ends, so that work that is cut off, or spread over processes, goes on where it was.
 */
export async function runExperiment({
  name,
  experiment,
  directory,
  only,
  backend,
  progress,
}: RunExperimentOptions): Promise<ReproduceAnswer> {
  const { units } = experiment;
  const chosenUnits = units.filter((unit) => unit.name.includes(only ?? ''));
  if (chosenUnits.length === 0) {
    throw new InvalidInputError(
      '--only',
      `expected part of the name of a unit such as ${units[0]!.name}, got "${only}"`,
    );
  }
  const results = new UnitResults(name, directory);
  // Once: the checkout may change while the program goes on with what it has loaded.
  const origin = provenance(await selectBackend({ prefer: backend, askedBy: '--backend' }));
  for (const unit of chosenUnits) {
    if ((await results.read(unit.name)) !== undefined) continue;
    progress(unit.name);
    const startedAt = new Date().toISOString();
    const start = performance.now();
    const result = await unit.run((line) => progress(`${unit.name}: ${line}`));
    const seconds = (performance.now() - start) / 1000;
    await results.write({
      experiment: name,
      unit: unit.name,
      provenance: { ...origin, startedAt },
      seconds,
      result,
    });
  }
  const stored = await readUnits(name, experiment, directory);
  return {
    ...(await judgeExperiment(name, experiment, directory)),
    directory,
    units: units.map((unit) => ({
      name: unit.name,
      commit: stored.get(unit.name)?.provenance.versions.commit ?? null,
      seconds: stored.get(unit.name)?.seconds ?? null,
    })),
  };
}
