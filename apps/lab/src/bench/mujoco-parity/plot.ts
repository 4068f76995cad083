/** One environment's errors: a line per start for each of the two comparisons, [start][step]. */
export interface Panel {
  readonly title: string;
  readonly ours: readonly (readonly number[])[];
  readonly perturbed: readonly (readonly number[])[];
}

export interface PlotText {
  readonly title: string;
  readonly ours: string;
  readonly perturbed: string;
}

const PANEL = { width: 420, height: 260, left: 62, top: 34, right: 14, bottom: 40 };
const HEADER = 64;
/** Errors below are drawn on the axis: 0 has no logarithm. */
const SMALLEST_EXPONENT = -17;
const LARGEST_EXPONENT = 3;
const OURS = '#c2410c';
const PERTURBED = '#2563eb';

/** Small multiples, two in a row, errors on a logarithmic axis, as a self-contained SVG. */
export function plotErrors(panels: readonly Panel[], text: PlotText): string {
  const width = 2 * PANEL.width;
  const height = HEADER + Math.ceil(panels.length / 2) * PANEL.height;
  const body = panels.map((panel, i) => {
    const x = (i % 2) * PANEL.width;
    const y = HEADER + Math.floor(i / 2) * PANEL.height;
    return `<g transform="translate(${x} ${y})">${drawPanel(panel)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="16" y="24" font-size="15" font-weight="bold">${text.title}</text>
${legend(16, text.ours, OURS)}
${legend(PANEL.width + 16, text.perturbed, PERTURBED)}
${body.join('\n')}
</svg>
`;
}

function legend(x: number, label: string, color: string): string {
  return `<line x1="${x}" x2="${x + 24}" y1="44" y2="44" stroke="${color}" stroke-width="2"/><text x="${x + 32}" y="48">${label}</text>`;
}

function drawPanel({ title, ours, perturbed }: Panel): string {
  const steps = Math.max(...[...ours, ...perturbed].map((line) => line.length));
  const { width, height, left, top, right, bottom } = PANEL;
  const x = (step: number): number => left + (step / steps) * (width - left - right);
  const y = (exponent: number): number =>
    top + ((LARGEST_EXPONENT - exponent) / (LARGEST_EXPONENT - SMALLEST_EXPONENT)) * (height - top - bottom);
  const line = (errors: readonly number[], color: string): string => {
    const points = errors.map((error, t) => {
      const exponent = Math.min(Math.max(Math.log10(error), SMALLEST_EXPONENT), LARGEST_EXPONENT);
      return `${x(t + 1).toFixed(1)},${y(exponent).toFixed(1)}`;
    });
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.3" stroke-opacity="0.75"/>`;
  };
  const grid = [-15, -12, -9, -6, -3, 0, 3].map(
    (exponent) =>
      `<line x1="${left}" x2="${width - right}" y1="${y(exponent)}" y2="${y(exponent)}" stroke="#ddd"/>` +
      `<text x="${left - 6}" y="${y(exponent) + 4}" text-anchor="end">1e${exponent}</text>`,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (part) =>
      `<text x="${x(part * steps)}" y="${height - bottom + 16}" text-anchor="middle">${part * steps}</text>`,
  );
  return [
    `<text x="${left}" y="${top - 10}" font-weight="bold">${title}</text>`,
    ...grid,
    ...ticks,
    `<text x="${(left + width - right) / 2}" y="${height - 8}" text-anchor="middle">environment steps</text>`,
    ...perturbed.map((errors) => line(errors, PERTURBED)),
    ...ours.map((errors) => line(errors, OURS)),
  ].join('');
}
