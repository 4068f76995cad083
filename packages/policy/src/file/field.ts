import { DamagedDataError, isRecord, showStored } from '@maxent/core';

/** The words of a string that are separated by single spaces. */
type Words<Text> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

/**
 * A value in a file's JSON, with its path for messages. Each method checks the value and returns it, or throws
 * DamagedDataError.
 */
export class Field {
  constructor(
    readonly path: string,
    readonly value: unknown,
  ) {}

  refuse(problem: string): never {
    throw new DamagedDataError(`policy file: ${this.path}: ${problem}`);
  }

  require(holds: boolean, expected: string, found: unknown = this.value): void {
    if (holds) return;
    this.refuse(`expected ${expected}, got ${showStored(found)}`);
  }

  /** The fields of an object, whatever they are. */
  entries(): readonly (readonly [string, Field])[] {
    const { value } = this;
    this.require(isRecord(value), 'an object');
    return Object.entries(value as object).map(([key, entry]) => [
      key,
      new Field(`${this.path}.${key}`, entry),
    ]);
  }

  /** One field of an object, which may be missing. */
  at(key: string): Field {
    return new Field(`${this.path}.${key}`, Object(this.value)[key]);
  }

  /** The fields of an object that has exactly these keys, listed in one string. */
  fields<Keys extends string>(keys: Keys): Record<Words<Keys>, Field> {
    const known = keys.split(' ');
    for (const [key, field] of this.entries()) if (!known.includes(key)) field.refuse('unknown field');
    return Object.fromEntries(
      known.map((key) => {
        const field = this.at(key);
        if (field.value === undefined) field.refuse('is missing');
        return [key, field];
      }),
    ) as Record<Words<Keys>, Field>;
  }

  /** The entries of a list of at most `longest` entries. */
  list(longest = 1000): readonly Field[] {
    const { value } = this;
    this.require(Array.isArray(value) && value.length <= longest, `a list of at most ${longest} entries`);
    return (value as unknown[]).map((entry, i) => new Field(`${this.path}[${i}]`, entry));
  }

  count(least = 1): number {
    const count = this.number(least);
    this.require(Number.isSafeInteger(count), 'an integer');
    return count;
  }

  number(least = -Infinity): number {
    const { value } = this;
    this.require(
      Number.isFinite(value) && (value as number) >= least,
      `a finite number of at least ${least}`,
    );
    return value as number;
  }

  text(): string {
    this.require(typeof this.value === 'string', 'a text');
    return this.value as string;
  }

  /** The entry of a table for an object's `type`. */
  pick<T>(table: Readonly<Record<string, T>>): T {
    const type = this.at('type').text();
    if (Object.hasOwn(table, type)) return table[type]!;
    return this.refuse(`"${type.slice(0, 60)}" is unknown here; it may need a newer @maxent/policy`);
  }

  choice<T>(...choices: readonly T[]): T {
    this.require(choices.includes(this.value as T), `one of ${choices.join(', ')}`);
    return this.value as T;
  }
}
