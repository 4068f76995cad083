import { InvalidInputError } from './errors.js';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** Writes 1536 as `1.5 KiB`; beyond 1024 EiB, writes a power of ten. */
export function formatBytes(bytes: number): string {
  const exponent = Math.max(0, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  if (!(exponent < UNITS.length)) {
    return Number.isFinite(bytes)
      ? `10^${Math.floor(Math.log10(bytes))} bytes`
      : 'more bytes than can be counted';
  }
  return `${Number((bytes / 1024 ** exponent).toPrecision(4))} ${UNITS[exponent]}`;
}

/**
 * Throws InvalidInputError for `field` when `bytes` is above `limit`, or not a number. Call it before allocating, so
 * that a size typed by mistake gives a message instead of exhausting the machine's memory. `what` says what would take
 * the memory, and `remedy` what to do.
 */
export function requireMemory(
  field: string,
  bytes: number,
  limit: number,
  { what, remedy }: { readonly what: string; readonly remedy: string },
): void {
  if (bytes <= limit) return;
  throw new InvalidInputError(
    field,
    `${what} would take ${formatBytes(bytes)}, more than the limit of ${formatBytes(limit)}; ${remedy}`,
  );
}
