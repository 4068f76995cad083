import { circle, colors, element, label, line, type Point, path, rectangle } from './drawing.js';

/** What the policy moves, as a disc of the given radius with two eyes. */
export function walker([x, y]: Point, radius: number): string {
  const eye = (side: number) =>
    circle([x + side * radius * 0.34, y - radius * 0.15], radius * 0.17, { fill: colors.shine });
  return (
    circle([x, y], radius, { fill: colors.agent, stroke: colors.shine, 'stroke-width': radius * 0.16 }) +
    eye(-1) +
    eye(1)
  );
}

/** A goal as a flag on a pole, in a square with the given side. */
export function flag([x, y]: Point, side: number): string {
  const [foot, top] = [y + side * 0.36, y - side * 0.36];
  const pole = x - side * 0.16;
  return (
    path(
      { fill: colors.goal },
      ...['M', pole, top, 'L', pole + side * 0.5, top + side * 0.17, 'L', pole, top + side * 0.34, 'Z'],
    ) +
    line([pole, foot], [pole, top], {
      stroke: colors.ink,
      'stroke-width': side * 0.05,
      'stroke-linecap': 'round',
    })
  );
}

/** A goal as rings around a place, the outer one where it counts as reached. */
export function target(at: Point, radius: number): string {
  const ring = { fill: 'none', stroke: colors.goal, 'stroke-width': Math.max(radius * 0.09, 1.5) };
  return (
    circle(at, radius, { ...ring, fill: colors.goal, 'fill-opacity': 0.14, 'stroke-dasharray': '5 4' }) +
    circle(at, radius * 0.4, ring) +
    circle(at, radius * 0.13, { fill: colors.goal })
  );
}

/** A square of wall as bricks. */
export function bricks(x: number, y: number, width: number, height: number, course: number): string {
  const rows = Math.max(1, Math.round(height / course));
  const rise = height / rows;
  const columns = Math.max(1, Math.round(width / (2 * rise)));
  const long = width / columns;
  const joints: (string | number)[] = [];
  for (let row = 0; row < rows; row++) {
    const top = y + row * rise;
    if (row > 0) joints.push('M', x, top, 'h', width);
    for (let column = 0; column < columns; column++) {
      const left = x + (column + (row % 2 === 0 ? 0.5 : 0)) * long;
      if (left > x) joints.push('M', left, top, 'v', rise);
    }
  }
  const body = rectangle(x, y, width, height, { fill: colors.wall });
  if (joints.length === 0) return body;
  return body + path({ stroke: colors.sky, 'stroke-width': course * 0.09, opacity: 0.55 }, ...joints);
}

/** A hole in the ice: dark water inside a rim. */
export function hole([x, y]: Point, side: number): string {
  const ellipse = (rx: number, ry: number, attributes: Readonly<Record<string, string | number>>) =>
    element('ellipse', { cx: x, cy: y, rx, ry, ...attributes });
  return (
    ellipse(side * 0.36, side * 0.3, { fill: colors.dark }) +
    ellipse(side * 0.36, side * 0.3, { fill: 'none', stroke: colors.danger, 'stroke-width': side * 0.05 })
  );
}

/** Lava: waves on a red square. */
export function lava(x: number, y: number, side: number): string {
  const wave = (top: number) => [
    ...['M', x + side * 0.14, top, 'q', side * 0.12, -side * 0.14, side * 0.24, 0],
    ...['t', side * 0.24, 0, 't', side * 0.24, 0],
  ];
  return (
    rectangle(x, y, side, side, { fill: colors.danger }) +
    path(
      { fill: 'none', stroke: colors.shine, 'stroke-width': side * 0.05, 'stroke-linecap': 'round' },
      ...[0.3, 0.54, 0.78].flatMap((part) => wave(y + side * part)),
    )
  );
}

/** A cell of a cliff: rock whose teeth point at who comes near. */
export function cliff(x: number, y: number, side: number): string {
  const teeth = [0, 1, 2].flatMap((i) => [
    ...['M', x + (side * i) / 3, y + side],
    ...['L', x + (side * (i + 0.5)) / 3, y + side * 0.3, 'L', x + (side * (i + 1)) / 3, y + side, 'Z'],
  ]);
  return (
    rectangle(x, y, side, side, { fill: colors.danger, 'fill-opacity': 0.25 }) +
    path({ fill: colors.danger }, ...teeth)
  );
}

/** Where episodes start. */
export function start([x, y]: Point, side: number): string {
  return label([x, y], side * 0.42, 'S', { opacity: 0.5, 'font-weight': 600 });
}
