import type { NumericArray } from '../arrays.js';

/**
 * Anything that has the form of some space's value: a number for Discrete, a flat list of numbers (a typed array or a
 * plain one) for Box and MultiDiscrete, and a record of these for Dict. `formProblem` checks it against a given space.
 */
export type ValueForm = number | ArrayLike<number> | { readonly [key: string]: ValueForm };

/** Anything that has the form of a `Value`: for a Box or MultiDiscrete, any flat list of numbers will do. */
export type FormOf<Value> = Value extends number
  ? number
  : Value extends NumericArray
    ? ArrayLike<number>
    : Value extends object
      ? { readonly [Key in keyof Value]: FormOf<Value[Key]> }
      : Value;
