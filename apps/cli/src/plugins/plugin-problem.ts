import { PluginError } from '@maxent/core';

/**
 * An error for a plugin that cannot be used, with the place that named it: `--plugin`, a configuration file, or the
 * run.
 */
export class PluginProblem extends PluginError {
  constructor(
    readonly field: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${field}: ${problem}`, options);
  }
}
