import { deflateRawSync } from 'node:zlib';

/** Pictures in a small form: the text that does not change, and how the numbers in it do. */
interface Film {
  /** For each form that pictures have: the texts before, between and after its numbers. */
  readonly forms: readonly (readonly string[])[];
  /**
   * For each picture: the number of its form, and the changes of its numbers, in hundredths, since the last picture of
   * this form (since 0 for the first).
   */
  readonly pictures: readonly (readonly number[])[];
}

/** A number that is written as JavaScript writes it; others, as in a color, are text. */
const NUMBER = /(?<![\w#.&;-])-?\d+(?:\.\d+)?(?![\w.])/g;

export function filmOf(pictures: readonly string[]): Film {
  const forms = new Map<
    string,
    { readonly number: number; last: readonly number[]; readonly texts: string[] }
  >();
  const entries = pictures.map((picture) => {
    const texts: string[] = [];
    const values: number[] = [];
    let end = 0;
    for (const found of picture.matchAll(NUMBER)) {
      const value = Math.round(Number(found[0]) * 100);
      if (String(value / 100) !== found[0]) continue;
      texts.push(picture.slice(end, found.index));
      values.push(value);
      end = found.index + found[0].length;
    }
    texts.push(picture.slice(end));
    const key = texts.join('\u0000');
    const form = forms.get(key) ?? { number: forms.size, last: values.map(() => 0), texts };
    forms.set(key, form);
    const changes = values.map((value, i) => value - form.last[i]!);
    form.last = values;
    return [form.number, ...changes];
  });
  return { forms: [...forms.values()].map(({ texts }) => texts), pictures: entries };
}

/** JSON, compressed and in base64; the page's script turns it back. */
export function pack(value: unknown): string {
  return deflateRawSync(JSON.stringify(value), { level: 9 }).toString('base64');
}

/** Packs as many pictures as fit into `limit` characters: every one, every second, every third, ... */
export function packFilm(
  pictures: readonly string[],
  limit: number,
): { readonly film: string; readonly every: number; readonly count: number } {
  let every = 1;
  for (;;) {
    const kept = pictures.filter((_, i) => i % every === 0);
    const film = pack(filmOf(kept));
    if (film.length <= limit || kept.length === 1) return { film, every, count: kept.length };
    every = Math.max(every + 1, Math.ceil((every * film.length) / limit));
  }
}
