/** Attributes of an SVG element; numbers are rounded. */
export type Attributes = Readonly<Record<string, string | number>>;

/**
 * The colors of all pictures. A page changes them, for example for a dark scheme, by setting the variables; without
 * them a picture is drawn on a light ground.
 */
export const colors = {
  /** The background of a world. */
  sky: 'var(--maxent-sky,#f2f6fa)',
  /** What things stand on, and cells that can be entered. */
  ground: 'var(--maxent-ground,#dde5ec)',
  /** Thin lines, such as the border between cells. */
  line: 'var(--maxent-line,#a9b7c4)',
  /** Outlines and letters. */
  ink: 'var(--maxent-ink,#1f2933)',
  /** What stops a move. */
  wall: 'var(--maxent-wall,#5b6875)',
  /** What the policy moves. */
  agent: 'var(--maxent-agent,#0072b2)',
  /** A second part of it, such as the pole of a cart. */
  part: 'var(--maxent-part,#d98a3d)',
  /** Holes and wheels: dark in a dark scheme too. */
  dark: 'var(--maxent-dark,#1f2933)',
  /** Marks on the agent and the goal. */
  shine: 'var(--maxent-shine,#ffffff)',
  goal: 'var(--maxent-goal,#009e73)',
  danger: 'var(--maxent-danger,#c8402f)',
} as const;

/** A place in a picture, from the left and from the top. */
export type Point = readonly [x: number, y: number];

/** A number as SVG text: hundredths are finer than any screen. What is not finite is drawn at 0. */
export function decimal(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100 || 0) : '0';
}

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const text = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? decimal(value) : value}"`)
    .join('');
  return children.length === 0 ? `<${name}${text}/>` : `<${name}${text}>${children.join('')}</${name}>`;
}

/** A whole picture on a background. `label` says what it shows to those who cannot see it. */
export function picture(width: number, height: number, label: string, ...shapes: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${decimal(width)} ${decimal(height)}`,
      width,
      height,
      role: 'img',
      'aria-label': label,
    },
    element('rect', { width, height, fill: colors.sky }),
    ...shapes,
  );
}

export function circle([cx, cy]: Point, r: number, attributes: Attributes): string {
  return element('circle', { cx, cy, r, ...attributes });
}

export function rectangle(x: number, y: number, width: number, height: number, attributes: Attributes) {
  return element('rect', { x, y, width, height, ...attributes });
}

export function line([x1, y1]: Point, [x2, y2]: Point, attributes: Attributes): string {
  return element('line', { x1, y1, x2, y2, ...attributes });
}

/** The letters of a path's commands and the numbers between them: `path('M', 0, 0, 'L', 3, 4)`. */
export function path(attributes: Attributes, ...commands: readonly (string | number)[]): string {
  const d = commands.map((part) => (typeof part === 'number' ? decimal(part) : part)).join(' ');
  return element('path', { d, ...attributes });
}

/** A group that is moved to a place and then turned around it, clockwise in degrees. */
export function placed([x, y]: Point, degrees: number, ...shapes: readonly string[]): string {
  const transform = `translate(${decimal(x)} ${decimal(y)}) rotate(${decimal(degrees)})`;
  return element('g', { transform }, ...shapes);
}

/** Letters around a point. */
export function label([x, y]: Point, size: number, text: string, attributes: Attributes = {}): string {
  const style = { 'text-anchor': 'middle', 'font-family': 'system-ui, sans-serif', fill: colors.ink };
  return element('text', { x, y: y + size * 0.36, 'font-size': size, ...style, ...attributes }, text);
}

export function degreesOf(radians: number): number {
  return (radians * 180) / Math.PI;
}
