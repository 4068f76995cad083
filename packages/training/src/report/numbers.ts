/** At most four significant digits, without an exponent between a thousandth and a million. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace('e+', 'e');
  return String(Number(value.toPrecision(size >= 1000 ? Math.ceil(Math.log10(size)) : 4)));
}

/** Short form for an axis: 20000 is 20k, 1500000 is 1.5M. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  if (size > 0 && size < 1e-3) return value.toExponential().replace('e+', 'e');
  return String(Number(value.toPrecision(6)));
}

export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** Round numbers 1, 2 or 5 times a power of ten apart, about `count` of them, that lie within the range. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const spacing = ([1, 2, 5].find((factor) => factor * power >= 0.75 * rough) ?? 10) * power;
  const first = Math.ceil(low / spacing);
  const ticks: number[] = [];
  // Counts from `first`: between large numbers that differ only in their last digits, adding 1 to `first` changes
  // nothing.
  for (let i = 0; i <= 2 * count && (first + i) * spacing <= high; i++) {
    const tick = (first + i) * spacing + 0;
    // Adding 0 turned -0 into 0.
    if (tick !== ticks.at(-1)) ticks.push(tick);
  }
  return ticks;
}

/** The least and the greatest of any number of values; `Math.min(...values)` overflows the stack from 100,000 on. */
export function rangeOf(values: readonly number[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Rounds coordinates to a hundredth: finer digits only make the file larger. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Within what can be drawn: the difference of two numbers larger than this would overflow. */
export function drawable(value: number): number {
  return Math.max(-8e307, Math.min(8e307, value));
}

/** The range with a margin, and with some extent if all values are equal. */
export function widened(low: number, high: number, margin: number): [number, number] {
  if (low === high) {
    const extent = Math.abs(low) * 0.1 || 1;
    return [low - extent, high + extent];
  }
  return [low - (high - low) * margin, high + (high - low) * margin];
}
