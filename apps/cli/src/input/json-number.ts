import * as z from 'zod';

/** A number in a JSON document: JSON has no infinities, so these are strings. NaN never appears. */
export const jsonNumber = z.union([z.number(), z.literal('Infinity'), z.literal('-Infinity')], {
  error: 'expected a number, "Infinity" or "-Infinity"',
});

export const jsonVector = z.array(jsonNumber);
export const jsonMatrix = z.array(jsonVector);
export const jsonMatrices = z.array(jsonMatrix);

/** A number or minus infinity: a log-probability, or a reward that may forbid an action. */
export const jsonNumberOrMinusInfinity = z.union([z.number(), z.literal('-Infinity')], {
  error: 'expected a number or "-Infinity"',
});
