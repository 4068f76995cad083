import type { HtmlPage } from '@maxent/training/node';
import { escapeMarkup, formatNumber } from '@maxent/training/report';
import { type CellsFigure, cellsRange, type Figure, type Film } from './figure.js';
import type { Timeline } from './story.js';
import { TIMELINE_SCRIPT } from './timeline-script.js';

/** What a page needs for a slider over time. */
export interface TimelineMarkup {
  /** The slider with its table, which the script shows. */
  readonly before: string;
  readonly script: string;
  readonly data: NonNullable<HtmlPage['data']>;
}

export function timelineMarkup({ times, readout }: Timeline, figures: readonly Figure[]): TimelineMarkup {
  const rows = readout.map(
    ({ name, at }) => `<tr><td>${escapeMarkup(name)}</td><td>${escapeMarkup(at(times[0]!))}</td></tr>`,
  );
  const timeline = {
    times,
    readout: readout.map(({ at }) => times.map(at)),
    films: figures.flatMap((figure) =>
      figure.kind === 'cells' && figure.film !== undefined ? [filmData(figure, figure.film)] : [],
    ),
  };
  return {
    before:
      `<div class="time" hidden><label for="time">Time</label>` +
      `<input id="time" type="range" min="0" max="${times.length - 1}" step="1" value="0">` +
      `<output id="shown" for="time">t = ${times[0]}</output><button id="play" type="button">Play</button></div>\n` +
      (rows.length === 0 ? '' : `<table id="readout" class="facts">${rows.join('')}</table>\n`),
    script: TIMELINE_SCRIPT,
    data: { timeline },
  };
}

/** Values as they are shown, null for states without a decision; policies of the other states. */
function filmData(figure: CellsFigure, film: Film) {
  const { world, rows, columns } = figure;
  const [low, high] = figure.range ?? cellsRange([figure]);
  const cells = rows * columns;
  const undecided = (cell: number): boolean => film.policy !== undefined && world?.terminal[cell] === 1;
  const choosing = Array.from({ length: cells }, (_, cell) => cell).filter((cell) => !undecided(cell));
  const frames = film.times.map((_, frame) => {
    const values = Array.from(film.values.subarray(frame * cells, (frame + 1) * cells), (value, cell) =>
      undecided(cell) ? null : shown(value),
    );
    if (film.policy === undefined) return { values };
    const size = film.policy.length / film.times.length;
    const actionCount = size / cells;
    const policy = choosing.flatMap((cell) =>
      Array.from(
        film.policy!.subarray(frame * size + cell * actionCount, frame * size + (cell + 1) * actionCount),
        (p) => Number(p.toFixed(3)),
      ),
    );
    return { values, policy };
  });
  return { low, high, choosing: choosing.length, frames };
}

/** A number as `formatNumber` writes it, which keeps the page small; infinities as signs. */
function shown(value: number): number | string {
  if (!Number.isFinite(value)) return value > 0 ? '\u221e' : '-\u221e';
  return Number(formatNumber(value));
}
