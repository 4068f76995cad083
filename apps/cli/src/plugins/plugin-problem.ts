import { PluginError } from '@maxent/core';

/** A plugin that cannot be used, with where it was named: `--plugin`, a configuration file, or the run. */
export class PluginProblem extends PluginError {
  constructor(
    readonly field: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${field}: ${problem}`, options);
  }
}
