import { evenly, type Figure } from './figure.js';

/** What a page adds to facts and figures, for readers who learn. */
export interface Story {
  /** Formulas and the same in words. */
  readonly formulas: readonly (readonly [formula: string, words: string])[];
  /** What the slider shows, if there is a time. */
  readonly timeline?: Timeline;
}

export interface Timeline {
  readonly times: readonly number[];
  /** Rows of the table beside the slider. */
  readonly readout: readonly { readonly name: string; readonly at: (t: number) => string }[];
}

const MOST_TIMES = 400;

/** The times of the figures' films, or, without a film, of `count` times as many as a slider can hold. */
export function timelineOf(
  figures: readonly Figure[],
  count: number,
  readout: Timeline['readout'],
): Timeline {
  const film = figures.map((figure) => (figure.kind === 'cells' ? figure.film : undefined)).find(Boolean);
  return { times: film?.times ?? spread(count, MOST_TIMES), readout };
}

/** At most `limit` of the numbers 0 to `count` - 1, evenly spaced, the first and the last among them. */
export function spread(count: number, limit: number): number[] {
  if (count <= limit || limit < 2) return evenly(count, limit);
  return Array.from({ length: limit }, (_, i) => Math.round((i * (count - 1)) / (limit - 1)));
}
