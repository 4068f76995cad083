import { allocate, type RowColumn, requireMemory } from '@maxent/core';

/**
 * The maximum size of one buffer's columns: 16 GiB. A million transitions of the largest built-in observations take 3
 * GiB; anything beyond the limit is images, or a zero too many.
 */
export const REPLAY_MEMORY_LIMIT = 2 ** 34;

/**
 * Throws InvalidInputError for `field` if `buffers` buffers of `capacity` rows with these columns would take more than
 * `REPLAY_MEMORY_LIMIT`. The message gives the bytes and a capacity that fits. Allocates nothing.
 */
export function requireReplayMemory(
  field: string,
  columns: Readonly<Record<string, RowColumn>>,
  capacity: number,
  buffers = 1,
): void {
  let rowBytes = 0;
  for (const { dataType, width } of Object.values(columns)) {
    rowBytes += width * allocate(dataType, 0).BYTES_PER_ELEMENT;
  }
  const fitting = Math.floor(REPLAY_MEMORY_LIMIT / rowBytes / buffers);
  // Suggest two significant digits, which are easier to type.
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(fitting)) - 1);
  const rows = `${capacity} rows of ${rowBytes} bytes`;
  requireMemory(field, capacity * rowBytes * buffers, REPLAY_MEMORY_LIMIT, {
    what: buffers === 1 ? rows : `${buffers} buffers of ${rows}`,
    remedy: fitting < 1 ? 'a single row is too large' : `use ${Math.floor(fitting / digit) * digit} or less`,
  });
}
