import { deflateRawSync } from 'node:zlib';

/** A number in a picture. A color such as `#009e73` has some too; they are put together again as they were. */
const NUMBER = /-?(?:0|[1-9]\d{0,6})(?:\.\d+)?(?:e-\d+)?/g;
/** A number may be told by the change of one that comes at most so many numbers before it. */
const FARTHEST = 16;

/** How one of a piece's numbers is stored. */
interface Column {
  /** How many decimals it has. */
  readonly decimals: number;
  /** Whether it always has all of them, as `12.50` has two. */
  readonly fixed: boolean;
  /** How many numbers before it is the one whose change its own is compared with; 0 for none. */
  readonly back: number;
}

/** A tag, with the text after it, of those pictures in which it is: the same but for its numbers. */
export interface Piece {
  /** Before, between and after the numbers that change. */
  readonly texts: readonly string[];
  readonly columns: readonly Column[];
  /** In how many pictures it is. */
  readonly count: number;
}

/**
 * Pictures in a small form. What they share is there once, and of each number only by how much it changes from one picture
 * to the next. Pieces of a figure that moves change alike; so if that is less, it is by how much it changes more than
 * another number near it.
 */
export interface Film {
  readonly pieces: readonly Piece[];
  /** Which pieces pictures are made of. */
  readonly scenes: readonly (readonly number[])[];
  /** Of each picture, the number of its scene. */
  readonly pictures: readonly number[];
  /** The changes, piece by piece and number by number, for `FILM_READER`. */
  readonly changes: Uint8Array;
}

/** A piece while pictures are read: of each picture it is in, its numbers as they are written. */
interface Collected {
  readonly number: number;
  readonly texts: readonly string[];
  readonly rows: (readonly string[])[];
}

export function filmOf(pictures: readonly string[]): Film {
  const found = new Map<string, Collected>();
  const scenes = new Map<string, { readonly number: number; readonly pieces: readonly number[] }>();
  const shown = pictures.map((picture) => {
    const seen = new Map<string, number>();
    const pieces = picture.split(/(?=<)/).map((text) => {
      const texts = text.split(NUMBER);
      const alike = JSON.stringify(texts);
      const before = seen.get(alike) ?? 0;
      seen.set(alike, before + 1);
      const key = `${before} ${alike}`;
      const piece = found.get(key) ?? { number: found.size, texts, rows: [] };
      found.set(key, piece);
      piece.rows.push(text.match(NUMBER) ?? []);
      return piece.number;
    });
    const key = pieces.join(' ');
    const scene = scenes.get(key) ?? { number: scenes.size, pieces };
    scenes.set(key, scene);
    return scene.number;
  });
  const finest = decimalsOf(pictures[0] ?? '');
  const changes: number[] = [];
  return {
    pieces: [...found.values()].map((piece) => storePiece(piece, finest, changes)),
    scenes: [...scenes.values()].map(({ pieces }) => pieces),
    pictures: shown,
    changes: Uint8Array.from(changes),
  };
}

/** How many decimals matter in a picture: a millionth of its size is finer than any screen. */
function decimalsOf(picture: string): number {
  const sides = /\bviewBox\s*=\s*["']([^"']*)/
    .exec(picture)?.[1]
    ?.trim()
    .split(/[\s,]+/)
    .slice(2)
    .map(Number);
  const size = Math.max(...(sides ?? []), 1e-9);
  return Math.min(Math.max(6 - Math.floor(Math.log10(size)), 4), 8);
}

function storePiece({ texts, rows }: Collected, finest: number, changes: number[]): Piece {
  const kept: string[] = [texts[0]!];
  const columns: Column[] = [];
  const values: number[][] = [];
  for (let i = 1; i < texts.length; i++) {
    const written = rows.map((row) => row[i - 1]!);
    if (written.every((text) => text === written[0])) {
      kept.push(`${kept.pop()}${written[0]}${texts[i]}`);
      continue;
    }
    kept.push(texts[i]!);
    const decimals = Math.max(...written.map((text) => Math.min(decimalsIn(text), finest)));
    const numbers = written.map((text) => Math.round(Number(text) * 10 ** decimals));
    values.push(numbers);
    const back = bestBack(values);
    for (const change of changesOf(numbers, values[values.length - 1 - back], back)) write(change, changes);
    columns.push({ decimals, fixed: written.every((text) => decimalsIn(text) === decimals), back });
  }
  return { texts: kept, columns, count: rows.length };
}

function decimalsIn(text: string): number {
  const [digits, exponent] = text.split('e-');
  return (digits!.split('.')[1]?.length ?? 0) + Number(exponent ?? 0);
}

/** By how much a number changes from each picture to the next, less what another one does if `back` is not 0. */
function* changesOf(numbers: readonly number[], other: readonly number[] | undefined, back: number) {
  for (let i = 0; i < numbers.length; i++) {
    const change = numbers[i]! - (numbers[i - 1] ?? 0);
    yield back === 0 ? change : change - (other![i]! - (other![i - 1] ?? 0));
  }
}

/** How far before the last of these numbers is the one with which its changes are smallest. */
function bestBack(values: readonly (readonly number[])[]): number {
  const own = values.at(-1)!;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let back = 0; back <= Math.min(FARTHEST, values.length - 1); back++) {
    let size = 0;
    for (const change of changesOf(own, values[values.length - 1 - back], back)) {
      size += Math.log2(1 + 2 * Math.abs(change));
      if (size >= least) break;
    }
    if (size < least) [best, least] = [back, size];
  }
  return best;
}

/** Seven bits a byte, the lowest first; the top bit says that more follow, and the lowest of all is the sign. */
function write(change: number, bytes: number[]): void {
  let rest = change < 0 ? -2 * change - 1 : 2 * change;
  while (rest > 127) {
    bytes.push(128 + (rest % 128));
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Compresses bytes or, as JSON, a value, in base64; the page's script turns it back. */
export function pack(value: unknown): string {
  const bytes = value instanceof Uint8Array ? value : JSON.stringify(value);
  return deflateRawSync(bytes, { level: 9 }).toString('base64');
}

export interface PackedFilm {
  /** The film without its changes, and the changes. */
  readonly film: string;
  readonly changes: string;
  /** 1 if it has all pictures, k if every k-th. */
  readonly every: number;
  readonly count: number;
}

/** Packs as many pictures as fit into `limit` characters: every one, every second, every third, ... */
export function packFilm(pictures: readonly string[], limit: number): PackedFilm {
  let every = 1;
  for (;;) {
    const kept = pictures.filter((_, i) => i % every === 0);
    const { changes, pieces, ...rest } = filmOf(kept);
    const stored = pieces.map(({ texts, columns, count }) => [
      texts,
      columns.map(({ decimals, fixed, back }) => [decimals, fixed ? 1 : 0, back]),
      count,
    ]);
    const packed = { film: pack({ ...rest, pieces: stored }), changes: pack(changes) };
    const length = packed.film.length + packed.changes.length;
    if (length <= limit || kept.length === 1) return { ...packed, every, count: kept.length };
    every = Math.max(every + 1, Math.ceil((every * length) / limit));
  }
}

/** The page's script that reads a film: the body of a function of `film` and `changes`, which gives the pictures. */
export const FILM_READER = `
  let at = 0;
  const change = () => {
    let [value, place, byte] = [0, 1, 128];
    while (byte > 127) {
      byte = changes[at++];
      value += (byte % 128) * place;
      place *= 128;
    }
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  };
  const pieces = film.pieces.map(([texts, columns, count]) => {
    const values = [];
    for (const [, , back] of columns) {
      const other = values[values.length - back];
      const own = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        const last = i === 0 ? 0 : own[i - 1];
        own[i] = last + change() + (back === 0 ? 0 : other[i] - (i === 0 ? 0 : other[i - 1]));
      }
      values.push(own);
    }
    return { texts, columns, values };
  });
  const text = ({ texts, columns, values }, row) =>
    texts
      .map((text, i) => {
        if (i === 0) return text;
        const [decimals, fixed] = columns[i - 1];
        const value = values[i - 1][row] / 10 ** decimals;
        return (fixed ? value.toFixed(decimals) : String(value)) + text;
      })
      .join('');
  const counts = pieces.map(() => 0);
  const rows = film.pictures.map((scene) => Int32Array.from(film.scenes[scene], (piece) => counts[piece]++));
  return {
    count: rows.length,
    at: (picture) =>
      film.scenes[film.pictures[picture]].map((piece, i) => text(pieces[piece], rows[picture][i])).join(''),
  };
`;
