import { formatNumber, lineChartSvg, round } from '@maxent/training/report';
import { cellsSvg } from './cells-svg.js';
import { type BarsFigure, type Figure, fullBar } from './figure.js';
import { colorOf } from './ramp.js';
import { svg, TOP, text, WIDTH } from './svg-parts.js';

const MOST_BARS = 80;

/** A figure as a self-contained SVG element on white, `width` wide unless it is a world. */
export function figureSvg(figure: Figure, width = WIDTH): string {
  switch (figure.kind) {
    case 'cells':
      return cellsSvg(figure, width);
    case 'lines':
      return lineChartSvg({ ...figure, width, height: width < WIDTH ? 240 : 300 });
    case 'bars':
      return barsSvg(figure, width);
  }
}

function barsSvg(figure: BarsFigure, width: number): string {
  const { title, bars } = figure;
  const shown = bars.slice(0, MOST_BARS);
  const left = 16 + Math.max(...shown.map(({ label }) => label.length * 6.5));
  const right = width - 80;
  const finite = shown.map(({ value }) => value).filter(Number.isFinite);
  const low = finite.some((value) => value < 0) ? Math.min(...finite) : 0;
  const high = figure.probabilities ? fullBar(figure) : Math.max(0, ...finite);
  const extent = high - low || 1;
  const at = (value: number): number =>
    left + ((Math.min(high, Math.max(low, value)) - low) / extent) * (right - left);
  const rows = shown.map(({ label, value }, row) => {
    const y = TOP + row * 20;
    const [from, to] = [Math.min(at(0), at(value)), Math.max(at(0), at(value))];
    const bar = `<rect x="${round(from)}" y="${y}" width="${round(to - from)}" height="15" fill="${colorOf(0.6)}"/>`;
    return text(left - 8, y + 12, label, 'end') + bar + text(to + 6, y + 12, formatNumber(value));
  });
  const rest = bars.length - shown.length;
  const more = rest > 0 ? text(left, TOP + shown.length * 20 + 12, `and ${rest} more`) : '';
  const heading = figure.probabilities ? `${title}, a full bar is ${formatNumber(high)}` : title;
  return svg(heading, width, TOP + (shown.length + (rest > 0 ? 1 : 0)) * 20 + 4, rows.join('') + more);
}
