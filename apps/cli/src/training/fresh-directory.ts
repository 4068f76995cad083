import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A path below `parent` that does not exist yet: the name and the local time, and a number where that is taken. */
export function freshDirectory(parent: string, name: string, now = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const path = join(parent, `${name}-${date}-${time}`);
  if (!existsSync(path)) return path;
  for (let suffix = 2; ; suffix++) if (!existsSync(`${path}-${suffix}`)) return `${path}-${suffix}`;
}
