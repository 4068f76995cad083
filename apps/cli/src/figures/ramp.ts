/**
 * Shades from pale to dark, in even steps of lightness in OKLab, so that equal differences of values look equally large
 * and the order is visible without color, too. Red, green and blue of evenly spaced stops.
 */
export const RAMP: readonly (readonly [number, number, number])[] = [
  [239, 249, 253],
  [177, 228, 253],
  [123, 204, 247],
  [78, 177, 236],
  [44, 149, 216],
  [32, 121, 189],
  [36, 95, 153],
  [39, 71, 112],
  [38, 49, 66],
];

/** Shades darker than this need pale ink. */
export const DARK = 0.45;

/** The color of a shade from 0, the palest, to 1. */
export function colorOf(shade: number): string {
  const place = shade * (RAMP.length - 1);
  const stop = Math.min(RAMP.length - 2, Math.floor(place));
  const [from, to] = [RAMP[stop]!, RAMP[stop + 1]!];
  return `rgb(${from.map((channel, i) => Math.round(channel + (place - stop) * (to[i]! - channel))).join(',')})`;
}
