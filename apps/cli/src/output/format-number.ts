const counts = new Intl.NumberFormat('en-US');

/** 12345 as `12,345`. */
export function formatCount(value: number): string {
  return counts.format(value);
}

/** A count with its noun: `1 episode`, `12,345 steps`. */
export function formatCounted(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A return or other measured value, with about four significant digits. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
}

/** A rate in three digits: `1,230 steps/s`, `4.2 steps/s`; slow ones per minute or hour, `15 steps/min`. */
export function formatRate(perSecond: number, noun: string): string {
  const [value, unit] =
    perSecond >= 1
      ? [perSecond, 's']
      : perSecond >= 1 / 60
        ? [perSecond * 60, 'min']
        : [perSecond * 3600, 'h'];
  const rounded = Number(value.toPrecision(3));
  return `${rounded >= 10 ? formatCount(Math.round(rounded)) : rounded.toFixed(1)} ${noun}s/${unit}`;
}

/** Seconds as `4 s`, `3:07` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
