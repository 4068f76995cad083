import { round } from '@maxent/training/report';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the marks of tiles look like, for a legend. */
export const TILE_MARKS: readonly { readonly tiles: string; readonly mark: string }[] = [
  { tiles: '#', mark: 'crossed out' },
  { tiles: 'GT', mark: 'two rings' },
  { tiles: 'H', mark: 'a disc' },
  { tiles: 'LC', mark: 'waves' },
];

/** Tells walls, goals, holes and lava apart without color; empty for other tiles. */
export function tileMark(tile: string, { x, y, width, height }: Box, ink: string): string {
  const at = (part: number, start: number, size: number): number => round(start + part * size);
  const [centerX, centerY, size] = [at(0.5, x, width), at(0.42, y, height), Math.min(width, height)];
  const stroke = `fill="none" stroke="${ink}" stroke-width="${round(size / 30)}" pointer-events="none"`;
  if (tile === '#') {
    const [left, right, top, bottom] = [x, x + width, y, y + height].map(round);
    return (
      `<path d="M${left},${top}L${right},${bottom}M${right},${top}L${left},${bottom}` +
      `M${left},${top}H${right}V${bottom}H${left}Z" ${stroke}/>`
    );
  }
  if ('GT'.includes(tile)) {
    const ring = (part: number) =>
      `<circle cx="${centerX}" cy="${centerY}" r="${round(part * size)}" ${stroke}/>`;
    return ring(0.1) + ring(0.2);
  }
  if (tile === 'H') {
    return `<circle cx="${centerX}" cy="${centerY}" r="${round(0.2 * size)}" fill="${ink}" pointer-events="none"/>`;
  }
  if ('LC'.includes(tile)) {
    const wave = (part: number) => {
      const step = round(0.15 * width);
      return `M${at(0.2, x, width)},${at(part, y, height)}q${round(step / 2)},${round(-0.12 * height)} ${step},0t${step},0t${step},0t${step},0`;
    };
    return `<path d="${wave(0.3)}${wave(0.45)}${wave(0.6)}" ${stroke} stroke-opacity="0.6"/>`;
  }
  return '';
}
