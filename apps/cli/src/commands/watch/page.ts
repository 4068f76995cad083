import { isBox, isDiscrete, type Space } from '@maxent/core';
import { htmlPage } from '@maxent/training/node';
import { escapeMarkup, formatNumber } from '@maxent/training/report';
import { entryNamesOf } from './entry-names.js';
import { type PackedFilm, pack, packFilm } from './film.js';
import { PLAYER } from './player.js';
import { DRAWS, type Outlook, type Questions } from './questions.js';
import { STYLE } from './style.js';

/** What the policy saw and did at one step. */
export interface Moment extends Outlook {
  readonly observation: readonly number[];
  readonly action: readonly number[];
}

export interface WatchedEpisode {
  readonly title: string;
  readonly subtitle: string;
  readonly moments: readonly Moment[];
  readonly rewards: readonly number[];
  /** One before each step, and one at the end. */
  readonly pictures: readonly string[];
  readonly questions: Pick<Questions, 'exact'>;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** What the actions of a Discrete space are called. */
  readonly actionNames: readonly string[];
}

/** What the agent expects, if it says. */
const VALUE = 'Q(s, a) of the action';
/** How many characters a page may have. */
const PAGE_LIMIT = 590_000;
/** How many of them the numbers may take at least; more if all pictures fit too. */
const NUMBERS_LIMIT = 120_000;
/** How many entries of observations and actions are shown: the most with which the numbers fit. */
const SHOWN = [40, 20, 10, 5, 2, 1];
/** Without its script, a page shows so many pictures at most, as far as they fit into so many characters. */
const STILLS = 8;
const STILLS_LIMIT = 40_000;
/** Into how many parts a curve is divided at most; of each, the lowest and the highest value are drawn. */
const PARTS = 400;

/** An episode as one HTML page that needs nothing else: no network, and only its own script and style. */
export function watchPage(episode: WatchedEpisode): { readonly text: string; readonly pictures: number } {
  const { title, subtitle, moments, rewards, pictures, questions, actionSpace } = episode;
  const returns = [0];
  for (const reward of rewards) returns.push(returns.at(-1)! + reward);
  const values = moments.every(({ value }) => value !== undefined)
    ? moments.map(({ value }) => value!)
    : undefined;
  const sampled = questions.exact ? '' : `, from ${DRAWS} draws`;
  const numbers = { moments, rewards, returns, values };
  const page = ({ film, changes, every }: PackedFilm, { packed, shown }: PackedMoments) =>
    htmlPage({
      title,
      subtitle: `${subtitle}${every > 1 ? `, a picture of every ${every} steps` : ''}`,
      style: STYLE,
      script: PLAYER,
      data: { episode: { film, changes, moments: packed, every } },
      body: `<div class="stack">
<section class="card" aria-label="Episode">
<div id="picture"></div>
<noscript>${stills(pictures)}</noscript>
<div class="controls">
<input id="time" type="range" min="0" max="${rewards.length}" step="1" value="0" aria-label="Step">
<button id="play" type="button">Play</button>
<button id="back" type="button" aria-label="One step back">&#8592;</button>
<button id="next" type="button" aria-label="One step on">&#8594;</button>
<label>Speed <select id="speed">${[0.25, 0.5, 1, 2, 4].map((speed) => `<option value="${speed}"${speed === 1 ? ' selected' : ''}>${speed}&#215;</option>`).join('')}</select></label>
</div>
<dl>
<div><dt>step</dt><dd id="step"></dd></div>
<div><dt>reward</dt><dd id="reward"></dd></div>
<div><dt>return so far</dt><dd id="return"></dd></div>
${values ? `<div><dt>${VALUE}</dt><dd id="value"></dd></div>` : ''}
</dl>
</section>
</div>
<div class="stack">
<section class="card"><h2>${isBox(actionSpace) ? `Action, and mean \u00b1 standard deviation${sampled}` : `Probability of each action${sampled}`}</h2><div class="rows" tabindex="0" role="group" aria-label="Action">${actionRows(episode, shown)}</div></section>
<section class="card"><h2>Reward of each step</h2>${chart('Reward', rewards, 1)}</section>
<section class="card"><h2>Return so far</h2>${chart('Return', returns, 0)}</section>
${values ? `<section class="card"><h2>${VALUE}</h2>${chart('Value', values, 0)}</section>` : ''}
<section class="card"><h2>Observation</h2><div class="rows" tabindex="0" role="group" aria-label="Observation">${observationRows(episode, shown)}</div></section>
</div>
<footer><p>Space plays and pauses; the arrow keys step; Home and End jump. Click a curve to go there.</p></footer>`,
    });
  const room = PAGE_LIMIT - page(NOTHING, { packed: '', shown: SHOWN[0]! }).length;
  const whole = packFilm(pictures, Number.POSITIVE_INFINITY);
  const packed = packMoments(numbers, Math.max(NUMBERS_LIMIT, room - lengthOf(whole)));
  const left = room - packed.packed.length;
  const film = lengthOf(whole) <= left ? whole : packFilm(pictures, left);
  return { text: page(film, packed), pictures: film.count };
}

const NOTHING: PackedFilm = { film: '', changes: '', every: 1, count: 0 };

function lengthOf({ film, changes }: PackedFilm): number {
  return film.length + changes.length;
}

/** Pictures from the beginning of an episode to its end, for a reader without scripts. */
function stills(pictures: readonly string[]): string {
  const last = pictures.length - 1;
  for (let count = Math.min(STILLS, pictures.length); count > 1; count--) {
    const steps = Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1)));
    const figures = steps.map(
      (step) => `<figure>${pictures[step]}<figcaption>step ${step}</figcaption></figure>`,
    );
    if (figures.join('').length <= STILLS_LIMIT) return figures.join('');
  }
  return `<figure>${pictures[0]}<figcaption>step 0</figcaption></figure>`;
}

interface Numbers {
  readonly moments: readonly Moment[];
  readonly rewards: readonly number[];
  readonly returns: readonly number[];
  readonly values: readonly number[] | undefined;
}

interface PackedMoments {
  readonly packed: string;
  /** How many entries of each vector there are. */
  readonly shown: number;
}

/** The numbers of an episode, with as many entries of each vector as there is room for. */
function packMoments({ moments, rewards, returns, values }: Numbers, limit: number): PackedMoments {
  let packed = '';
  for (const shown of SHOWN) {
    const column = (name: 'observation' | 'action' | 'probs' | 'mean' | 'std') =>
      moments[0]?.[name] && moments.map((moment) => moment[name]!.slice(0, shown).map(short));
    packed = pack({
      observations: column('observation'),
      actions: column('action'),
      probs: column('probs'),
      means: column('mean'),
      stds: column('std'),
      values: values?.map(short),
      rewards: rewards.map(short),
      returns: returns.map(short),
    });
    if (packed.length <= limit) return { packed, shown };
  }
  return { packed, shown: SHOWN.at(-1)! };
}

/** The page shows four digits. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}

interface Row {
  readonly kind: 'observation' | 'action' | 'probability';
  readonly index: number;
  readonly name: string;
  readonly range: readonly [number, number];
}

function row({ kind, index, name, range: [low, high] }: Row): string {
  const mark = kind === 'probability' ? '' : '<rect class="mark" x="0" y="0" width="2" height="10"/>';
  const band = kind === 'observation' ? '' : '<rect class="band" x="0" y="1" width="0" height="8"/>';
  return (
    `<div class="row" data-row="${kind}" data-index="${index}" data-low="${low}" data-high="${high}"><span>${escapeMarkup(name)}</span>` +
    `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${band}${mark}</svg><output></output></div>`
  );
}

function actionRows({ moments, actionSpace, actionNames }: WatchedEpisode, most: number): string {
  const count = moments[0]?.action.length ?? 0;
  if (moments[0]?.probs !== undefined) {
    return actionNames
      .slice(0, most)
      .map((name, index) => row({ kind: 'probability', index, name, range: [0, 1] }))
      .join('');
  }
  const names = entryNamesOf(actionSpace);
  const shown = Array.from({ length: Math.min(count, most) }, (_, index) => {
    const found = rangeOf(moments.map(({ action }) => action[index]!));
    const bounds = isBox(actionSpace)
      ? ([actionSpace.low[index]!, actionSpace.high[index]!] as const)
      : found;
    const range = bounds.every(Number.isFinite) ? bounds : found;
    return row({ kind: 'action', index, name: names[index]!, range });
  });
  return `${shown.join('')}${more(count, most)}`;
}

function observationRows({ moments, observationSpace }: WatchedEpisode, most: number): string {
  const names = entryNamesOf(observationSpace);
  const count = moments[0]?.observation.length ?? 0;
  const shown = Array.from({ length: Math.min(count, most) }, (_, index) => {
    const range = rangeOf(moments.map(({ observation }) => observation[index]!));
    return row({
      kind: 'observation',
      index,
      name: isDiscrete(observationSpace) ? 'state' : names[index]!,
      range,
    });
  });
  return `${shown.join('')}${more(count, most)}`;
}

function more(count: number, most: number): string {
  return count > most ? `<p>and ${count - most} more</p>` : '';
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** A curve over the steps of the episode; its first point is at step `from`. */
function chart(name: string, values: readonly number[], from: 0 | 1): string {
  const [low, high] = rangeOf(values);
  const last = Math.max(values.length - 1 + from, 1);
  const points = extremesOf(values).map((i) => {
    const y = high === low ? 50 : 100 - (100 * (values[i]! - low)) / (high - low);
    return `${Math.round((10_000 * (i + from)) / last) / 10} ${Math.round(y * 10) / 10}`;
  });
  const zero = low < 0 && high > 0 ? 100 + (100 * low) / (high - low) : undefined;
  const axis =
    zero === undefined ? '' : `<line x1="0" x2="1000" y1="${zero.toFixed(1)}" y2="${zero.toFixed(1)}"/>`;
  const label = `${name}, from ${formatNumber(low)} to ${formatNumber(high)}`;
  return (
    `<svg class="chart" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${escapeMarkup(label)}">` +
    `${axis}<path d="M${points.join('L')}"/><line class="cursor" x1="0" x2="0" y1="0" y2="100"/></svg>` +
    `<div class="range"><span>lowest ${escapeMarkup(formatNumber(low))}</span><span>highest ${escapeMarkup(formatNumber(high))}</span></div>`
  );
}

/** The indices of the lowest and the highest value of each part, in order; all indices of a short list. */
function extremesOf(values: readonly number[]): number[] {
  const size = Math.max(1, Math.ceil(values.length / PARTS));
  const chosen: number[] = [];
  for (let start = 0; start < values.length; start += size) {
    let [low, high] = [start, start];
    for (let i = start; i < Math.min(start + size, values.length); i++) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    chosen.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
  }
  return chosen;
}
