import type { NumericArray } from '../arrays.js';

/**
 * Whatever has the form of some space's value: a number for Discrete, a flat list of numbers for Box and MultiDiscrete, a
 * typed array or a plain one, and a record of these for Dict. `formProblem` says whether it is that of a given space.
 */
export type ValueForm = number | ArrayLike<number> | { readonly [key: string]: ValueForm };

/** What has the form of a `Value`: for an array of a Box or MultiDiscrete, any flat list of numbers will do. */
export type FormOf<Value> = Value extends number
  ? number
  : Value extends NumericArray
    ? ArrayLike<number>
    : Value extends object
      ? { readonly [Key in keyof Value]: FormOf<Value[Key]> }
      : Value;
