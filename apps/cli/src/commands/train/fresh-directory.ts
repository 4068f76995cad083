import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandIo } from '../../process/command-io.js';
import { resolvePath } from '../../process/paths.js';

/** `runs/NAME-DATE-TIME`, with a number appended if that already exists. */
export function freshDirectory(io: CommandIo, name: string, now = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const path = join('runs', `${name}-${date}-${time}`);
  for (let suffix = 1; ; suffix++) {
    const candidate = suffix === 1 ? path : `${path}-${suffix}`;
    if (!existsSync(resolvePath(io, candidate))) return candidate;
  }
}
