import type { JsonValue } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import type { EvaluationRow } from '../run-storage.js';
import { flattened } from './flattened.js';
import { escapeMarkup } from './markup.js';
import { formatNumber, rangeOf } from './numbers.js';

/** How many evaluations the page lists; `metrics.jsonl` has all of them. */
const MOST_EVALUATIONS = 300;

export function evaluationTable(evaluations: readonly EvaluationRow[]): string {
  if (evaluations.length === 0) return '';
  const shown = evaluations.slice(-MOST_EVALUATIONS);
  const number = (value: string) => `<td class="number">${value}</td>`;
  const body = shown.map(({ step, returnMean, returnStd, returns }) => {
    const values = [returnMean, returnStd, ...rangeOf(returns)].map(formatNumber);
    return `<tr>${[step.toLocaleString('en'), ...values].map(number).join('')}</tr>`;
  });
  const heads = ['step', 'mean', 'standard deviation', 'lowest', 'highest'];
  const head = heads.map((name) => `<th class="number" scope="col">${name}</th>`).join('');
  const summary =
    shown.length === evaluations.length
      ? 'All evaluations as numbers'
      : `The last ${shown.length} of ${evaluations.length.toLocaleString('en')} evaluations as numbers; metrics.jsonl has all`;
  return `<details><summary>${summary}</summary><div class="card wide" tabindex="0" role="group" aria-label="Evaluations"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div></details>`;
}

/** What the run was given and where it ran: a table for the agent, the run, the machine and the versions. */
export function configurationTables(config: RunConfig): string {
  const { agent, provenance } = config;
  return [
    table(`Agent ${agent.name}`, flattened(agent.config)),
    table('Run', runSettings(config)),
    table('Machine', flattened(provenance.machine)),
    table('Versions', flattened(provenance.versions)),
  ].join('\n');
}

function runSettings({
  steps,
  seed,
  envs,
  evaluation,
  logEvery,
  checkpointEvery,
  environment,
  level,
  from,
  plugins,
  backend,
}: RunConfig) {
  return flattened({
    environment: environment.id,
    ...(Object.keys(environment.options).length > 0 && { 'environment options': environment.options }),
    ...(level && { level: level as unknown as JsonValue }),
    ...(from && { from }),
    steps,
    seed,
    ...(envs !== undefined && { environments: envs }),
    evaluation: evaluation as unknown as JsonValue,
    logEvery,
    checkpointEvery,
    backend,
    ...(plugins.length > 0 && { plugins }),
  });
}

function table(title: string, entries: readonly (readonly [string, JsonValue])[]): string {
  if (entries.length === 0) return '';
  const cell = (value: JsonValue) => escapeMarkup(typeof value === 'string' ? value : JSON.stringify(value));
  const body = entries.map(
    ([name, value]) => `<tr><th scope="row">${escapeMarkup(name)}</th><td>${cell(value)}</td></tr>`,
  );
  return `<div class="card"><h3>${escapeMarkup(title)}</h3><table>${body.join('')}</table></div>`;
}
