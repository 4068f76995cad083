import { InvalidInputError } from '../errors.js';
import type { Rng } from '../random/rng.js';
import { requireForm } from './form.js';
import type { Space, ValueOf } from './space.js';

// biome-ignore lint/suspicious/noExplicitAny: a record of spaces of unrelated value types.
export type SpaceRecord = Readonly<Record<string, Space<any>>>;
export type DictValue<Spaces extends SpaceRecord> = { [Key in keyof Spaces]: ValueOf<Spaces[Key]> };

/** Records with one value per named space. Flat form: the parts, sorted by name. */
export class Dict<Spaces extends SpaceRecord> implements Space<DictValue<Spaces>> {
  readonly kind = 'dict';
  readonly flatSize: number;
  private readonly keys: readonly (keyof Spaces & string)[];

  constructor(readonly spaces: Spaces) {
    // Sorted, so that records with the same parts flatten in the same way, whatever order they were written in.
    this.keys = Object.keys(spaces).sort();
    if (this.keys.length === 0) throw new InvalidInputError('spaces', 'expected at least one named space');
    this.flatSize = this.keys.reduce((sum, key) => sum + this.spaces[key]!.flatSize, 0);
  }

  /** Samples each part independently. */
  sample(rng: Rng): DictValue<Spaces> {
    return this.build((space) => space.sample(rng));
  }

  contains(value: unknown): value is DictValue<Spaces> {
    if (typeof value !== 'object' || value === null) return false;
    const record = value as Record<string, unknown>;
    return (
      Object.keys(record).length === this.keys.length &&
      this.keys.every((key) => Object.hasOwn(record, key) && this.spaces[key]!.contains(record[key]))
    );
  }

  flattenInto(value: DictValue<Spaces>, out: Float32Array | Float64Array, offset = 0): void {
    requireForm(this, value);
    let start = offset;
    for (const key of this.keys) {
      this.spaces[key]!.flattenInto(value[key], out, start);
      start += this.spaces[key]!.flatSize;
    }
  }

  unflatten(flat: ArrayLike<number>, offset = 0): DictValue<Spaces> {
    let start = offset;
    return this.build((space) => {
      const part = space.unflatten(flat, start);
      start += space.flatSize;
      return part;
    });
  }

  toString(): string {
    return `Dict(${this.keys.map((key) => `${key}: ${this.spaces[key]!.toString()}`).join(', ')})`;
  }

  private build(part: (space: Space<unknown>) => unknown): DictValue<Spaces> {
    return Object.fromEntries(this.keys.map((key) => [key, part(this.spaces[key]!)])) as DictValue<Spaces>;
  }
}
