import type { Vector4 } from '../mjcf/elements.js';
import type { Pixel } from './projection.js';

/** A closed path through these corners; empty without any. */
export function pathOf(corners: readonly Pixel[]): string {
  if (corners.length === 0) return '';
  return `M${corners.map(pair).join('L')}Z`;
}

export function pair([x, y]: Pixel): string {
  return `${tenths(x)} ${tenths(y)}`;
}

/** Without a trailing .0, which only takes room. */
export function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function color(rgba: Vector4, brightness: number): string {
  const parts = rgba.slice(0, 3).map((part) => Math.round(255 * Math.min(Math.max(part * brightness, 0), 1)));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
