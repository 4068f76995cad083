import { escapeMarkup } from './markup.js';
import { formatNumber } from './numbers.js';
import { shellWord } from './shell-word.js';

export interface BestCheckpoint {
  readonly step: number;
  readonly returnMean?: number | undefined;
  /** The run's directory, relative to that of the page, with / between names; `.` if the page is in it. */
  readonly runPath: string;
  /** The checkpoint's directory within the run's. */
  readonly folder: string;
  /** Whether the run is over a task family. */
  readonly family: boolean;
}

/** Where the best checkpoint is, and commands to use it. */
export function bestCheckpointCard({ step, returnMean, runPath, folder, family }: BestCheckpoint): string {
  const address = [...(runPath === '.' ? [] : [runPath]), folder].join('/');
  const run = shellWord(runPath);
  const commands = [
    ...(family
      ? [['See it adapt', `maxent adapt ${run} --checkpoint best --html adapt.html`]]
      : [
          ['Evaluate it', `maxent eval ${run} --checkpoint best`],
          ['Watch it', `maxent watch ${run} --html watch.html`],
        ]),
    ['Export it', `maxent export ${run} --to policy --checkpoint best --out policy.safetensors`],
  ];
  const rows = commands.map(
    ([what, command]) => `<dt>${what}</dt><dd><code>${escapeMarkup(command!)}</code></dd>`,
  );
  const mean = returnMean === undefined ? '' : `, mean return ${formatNumber(returnMean)}`;
  return `
<h2>Best checkpoint</h2>
<div class="card"><p class="note">Step ${step.toLocaleString('en')}${mean}: <a href="${escapeMarkup(address.split('/').map(encodeURIComponent).join('/'))}/">${escapeMarkup(address)}</a></p>
<dl class="commands">${rows.join('')}</dl>
<p class="note">Paths are relative to the directory of this page: run the commands there.</p></div>`;
}
