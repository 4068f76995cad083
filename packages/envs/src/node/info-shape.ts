import type { Info } from '@maxent/core';

const arrayTypes = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
};

type ArrayType = keyof typeof arrayTypes;

/** One entry of an info; its value takes `length` doubles, which hold every value of these types exactly. */
export interface InfoField {
  readonly key: string;
  readonly type: 'number' | 'boolean' | ArrayType;
  readonly length: number;
}

/** The entries of an info, if all are numbers, booleans and arrays of numbers; otherwise null. */
export function fieldsOf(info: Info): InfoField[] | null {
  const fields: InfoField[] = [];
  for (const key of Object.keys(info)) {
    const value = info[key];
    const type = typeOf(value);
    if (type === null) return null;
    fields.push({ key, type, length: ArrayBuffer.isView(value) ? (value as Float64Array).length : 1 });
  }
  return fields;
}

/**
 * Memory for infos with the same entries in the same order, and arrays of the same lengths. Each environment has two:
 * one for the current episode and one for the episode that ended.
 */
export class InfoShape {
  readonly buffer: SharedArrayBuffer;
  private readonly slots: Float64Array;
  private readonly width: number;

  /** With `buffer`, uses the memory that another thread allocated for the same fields and count. */
  constructor(
    readonly fields: readonly InfoField[],
    count: number,
    buffer?: SharedArrayBuffer,
  ) {
    this.width = fields.reduce((sum, { length }) => sum + length, 0);
    this.buffer = buffer ?? new SharedArrayBuffer(2 * count * this.width * Float64Array.BYTES_PER_ELEMENT);
    this.slots = new Float64Array(this.buffer);
  }

  /** Returns false if the info has another shape; the place then holds nothing useful. */
  write(index: number, place: 'info' | 'finalInfo', info: Info): boolean {
    const { fields, slots } = this;
    const keys = Object.keys(info);
    if (keys.length !== fields.length) return false;
    let slot = this.at(index, place);
    for (let i = 0; i < keys.length; i++) {
      const { key, type, length } = fields[i]!;
      const value = info[key];
      if (keys[i] !== key || typeOf(value) !== type) return false;
      if (typeof value === 'number' || typeof value === 'boolean') slots[slot] = Number(value);
      else if ((value as Float64Array).length === length) slots.set(value as Float64Array, slot);
      else return false;
      slot += length;
    }
    return true;
  }

  read(index: number, place: 'info' | 'finalInfo'): Info {
    let slot = this.at(index, place);
    const info: Record<string, unknown> = {};
    for (const { key, type, length } of this.fields) {
      if (type === 'number') info[key] = this.slots[slot]!;
      else if (type === 'boolean') info[key] = this.slots[slot] === 1;
      else info[key] = new arrayTypes[type](this.slots.subarray(slot, slot + length));
      slot += length;
    }
    return info;
  }

  private at(index: number, place: 'info' | 'finalInfo'): number {
    return (2 * index + (place === 'info' ? 0 : 1)) * this.width;
  }
}

/** The type of a number, a boolean or an array of numbers; null for anything else. */
function typeOf(value: unknown): InfoField['type'] | null {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (!ArrayBuffer.isView(value)) return null;
  const { name } = value.constructor;
  // Compare the constructor as well as the name: a subclass, such as Node's Buffer, is more than its numbers.
  return Object.hasOwn(arrayTypes, name) && value.constructor === arrayTypes[name as ArrayType]
    ? (name as ArrayType)
    : null;
}
