import { escapeMarkup, formatNumber, round } from '@maxent/training/report';
import { type CellsFigure, evenly, type Shades, shades, type World } from './figure.js';
import { colorOf, DARK } from './ramp.js';
import { INK, svg, TOP, text } from './svg-parts.js';
import { type Box, tileMark } from './tile-mark.js';

/** For terminal states, which have no decision. */
const NEUTRAL = '#E4E7EB';
/** Outlines cells with values beyond the ends of the scale. */
const BEYOND = '#D55E00';
/** Where cells begin, below the title and the scale. */
const SCALED = TOP + 18;
/** Most columns drawn of a table that is not a gridworld. */
const MOST_COLUMNS = 400;

/** A table of shaded cells; if it is a film, with what `film-script` needs to show another time. */
export function cellsSvg(figure: CellsFigure, fullWidth: number): string {
  const shading = shades(figure);
  const { title, rows, columns, values, world, film, rowLabels = [], columnName = '', columnLabels } = figure;
  const left = 8 + Math.max(0, ...rowLabels.map((label) => label.length * 6.5));
  const shown = evenly(columns, world === undefined ? MOST_COLUMNS : columns);
  const room = (fullWidth - left - 8) / shown.length;
  const width = world === undefined ? room : Math.min(84, room);
  const height = world === undefined ? Math.max(6, Math.min(26, 400 / rows)) : width;
  const bottom = SCALED + rows * height;
  if (world !== undefined && values.length > MOST_CELLS) {
    const scale = scaleOf(shading);
    // Whole numbers make the paths short.
    const size = Math.max(1, Math.floor(width));
    const body = manyCells(figure, shading, { x: left, y: SCALED, size }) + scale.svg;
    const end = Math.max(left + columns * size + 8, scale.end, 16 + title.length * 7.9);
    return svg(title, end, SCALED + rows * size + 8, body);
  }
  const cells = Array.from({ length: rows }, (_, row) =>
    shown.map((column, place) => {
      const i = row * columns + column;
      const box = { x: left + place * width, y: SCALED + row * height, width, height };
      const shade = shading.of(i);
      const number = formatNumber(values[i]!);
      const name =
        world === undefined
          ? `${rowLabels[row]}, ${columnLabels?.[column] ?? `${columnName} ${column}`}`
          : `state ${i}`;
      const fill = shade === null ? NEUTRAL : colorOf(shade);
      const own = shade !== null && shade > DARK ? '#FFFFFF' : INK;
      // The script changes the ink of a whole cell at once.
      const ink = film === undefined ? own : 'currentColor';
      const cell =
        `<rect x="${round(box.x)}" y="${round(box.y)}" width="${round(width)}" height="${round(height)}" ` +
        `fill="${fill}" stroke="${NEUTRAL}"${film === undefined ? '' : ' class="c"'}><title>${escapeMarkup(`${name}: ${number}`)}</title></rect>` +
        (shading.beyond(i) === 0 ? '' : outline(box)) +
        (world === undefined ? '' : worldCell(world, i, box, ink)) +
        (width >= 44 && height >= 16
          ? text(box.x + width / 2, box.y + height - 7, number, 'middle', ink, film && 'n')
          : '');
      return film === undefined ? cell : `<g color="${own}">${cell}</g>`;
    }),
  ).flat();
  const labels = rowLabels.map((label, row) =>
    text(left - 6, SCALED + (row + 0.5) * height + 4, label, 'end'),
  );
  if (world === undefined) {
    const fit = columnLabels?.every((label) => label.length * 6.5 + 4 <= width);
    labels.push(
      ...(fit
        ? shown.map((column, place) =>
            text(left + (place + 0.5) * width, bottom + 16, columnLabels![column]!, 'middle'),
          )
        : [
            text(left, bottom + 16, columnLabels?.[0] ?? `${columnName} 0`),
            text(fullWidth - 8, bottom + 16, columnLabels?.at(-1) ?? `${columns - 1}`, 'end'),
          ]),
    );
  }
  const scale = scaleOf(shading);
  const drawnWidth = Math.max(left + shown.length * width + 8, scale.end, 16 + title.length * 7.9);
  const body = cells.join('') + labels.join('') + scale.svg;
  const frame =
    columnName === 't'
      ? ` data-frame="${[left, left + shown.length * width, SCALED, bottom, -0.5, columns - 0.5].map(round).join(' ')}"`
      : '';
  const role = film === undefined ? frame : ' data-film=""';
  return svg(title, drawnWidth, bottom + (world === undefined ? 24 : 8), body, role);
}

/** Worlds with more cells have neither numbers nor films on a page, which stays below 600 kB. */
export const MOST_CELLS = 400;
/** Shades that many cells are rounded to, one path each. */
const SHADES = 64;

/** Many cells as one path for each shade, one for walls, and one for the most probable actions. */
function manyCells(
  { rows, columns, world }: CellsFigure,
  shading: Shades,
  { x, y, size }: { x: number; y: number; size: number },
): string {
  const paths = new Map<string, string>();
  const add = (fill: string, path: string): void => {
    paths.set(fill, (paths.get(fill) ?? '') + path);
  };
  let arrows = '';
  let walls = '';
  const fillOf = (cell: number): string => {
    const shade = shading.of(cell);
    return shade === null ? NEUTRAL : colorOf(Math.round(shade * SHADES) / SHADES);
  };
  for (let cell = 0; cell < rows * columns; cell++) {
    const column = cell % columns;
    const [left, top] = [x + column * size, y + Math.floor(cell / columns) * size];
    const fill = fillOf(cell);
    // Neighbors of the same shade are one box.
    if (column === 0 || fillOf(cell - 1) !== fill) {
      let run = 1;
      while (column + run < columns && fillOf(cell + run) === fill) run++;
      add(fill, `M${left},${top}h${run * size}v${size}h${-run * size}z`);
    }
    if (world?.grid.tiles?.[cell] === '#') {
      walls += `M${left},${top}l${size},${size}m${-size},0l${size},${-size}`;
    }
    const move = world && likeliestMove(world, cell);
    if (move === undefined) continue;
    const reach = (0.4 * size) / (Math.hypot(...move) || 1);
    arrows += `M${left + size / 2},${top + size / 2}l${round(move[1] * reach)},${round(move[0] * reach)}`;
  }
  const cells = [...paths].map(([fill, path]) => `<path d="${path}" fill="${fill}"/>`);
  const lines = (path: string, stroke: string): string =>
    path === ''
      ? ''
      : `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${round(size / 14)}"/>`;
  return cells.join('') + lines(walls, INK) + lines(arrows, BEYOND);
}

/** Where the most probable action of a state points; undefined without a decision. */
function likeliestMove(
  { grid, terminal, policy }: World,
  state: number,
): readonly [number, number] | undefined {
  if (policy === undefined || terminal[state] === 1) return undefined;
  const count = grid.moves.length;
  const row = policy.subarray(state * count, (state + 1) * count);
  return grid.moves[row.indexOf(Math.max(...row))];
}

/** The shades from lowest to highest value below the title, and the extremes of outlined cells. */
function scaleOf({ low, high, extremes: { below, above } }: Shades): {
  readonly svg: string;
  readonly end: number;
} {
  // Text cannot be measured without a browser; these widths are approximate.
  const from = 14 + formatNumber(low).length * 7;
  const swatches = Array.from({ length: 9 }, (_, i) => {
    const fill = colorOf(i / 8);
    return `<rect x="${round(from + i * 11)}" y="28" width="11" height="13" fill="${fill}"/>`;
  });
  const reach = [
    ...(below === undefined ? [] : [`down to ${formatNumber(below)}`]),
    ...(above === undefined ? [] : [`up to ${formatNumber(above)}`]),
  ];
  const end = from + 109 + formatNumber(high).length * 7;
  const beyond = `outlined: ${reach.join(', ')}`;
  return {
    svg:
      swatches.join('') +
      text(from - 6, 39, formatNumber(low), 'end') +
      text(from + 105, 39, formatNumber(high)) +
      (reach.length === 0 ? '' : text(end + 8, 39, beyond, 'start', BEYOND)),
    end: reach.length === 0 ? end : end + 16 + beyond.length * 6.5,
  };
}

/** Drawn within the cell, so that its neighbors do not cover it. */
function outline({ x, y, width, height }: Box): string {
  const inset = Math.min(2, width / 4, height / 4);
  return (
    `<rect x="${round(x + inset / 2)}" y="${round(y + inset / 2)}" width="${round(width - inset)}" ` +
    `height="${round(height - inset)}" fill="none" stroke="${BEYOND}" stroke-width="${round(inset)}" pointer-events="none"/>`
  );
}

/** Tiles that need no mark. */
const FLOOR = '.Fo ';

/** Arrows with lengths proportional to the actions' probabilities, the tile's character in the corner, and its mark. */
function worldCell({ grid, terminal, policy }: World, state: number, box: Box, ink: string): string {
  const { x, y, width: size } = box;
  const parts: string[] = [];
  const tile = grid.tiles?.[state];
  if (tile !== undefined) parts.push(tileMark(tile, box, ink));
  if (size >= 28 && tile !== undefined && !FLOOR.includes(tile))
    parts.push(text(x + 5, y + 14, tile, 'start', ink));
  if (policy === undefined || terminal[state] === 1) return parts.join('');
  const [centerX, centerY] = [x + size / 2, y + size * (size >= 44 ? 0.42 : 0.5)];
  grid.moves.forEach(([down, right], action) => {
    const probability = policy[state * grid.moves.length + action]!;
    const reach = (0.38 * size) / (Math.hypot(down, right) || 1);
    parts.push(
      arrow(right * reach, down * reach, size, ink, {
        place: `${round(centerX)} ${round(centerY)}`,
        probability,
      }),
    );
  });
  return parts.join('');
}

/** Probabilities below this get no arrow. */
export const LEAST_ARROW = 0.02;

/** A line with a head, scaled by its probability; a dot for an action that does not point to a neighbor. */
function arrow(
  dx: number,
  dy: number,
  size: number,
  ink: string,
  { place, probability }: { readonly place: string; readonly probability: number },
): string {
  const scale = probability < LEAST_ARROW ? 0 : round(probability);
  const transform = `transform="translate(${place}) scale(${scale})"`;
  if (dx === 0 && dy === 0) {
    return `<circle class="a" r="${round(size * 0.1)}" fill="none" stroke="${ink}" vector-effect="non-scaling-stroke" ${transform}/>`;
  }
  const corner = (side: number): string =>
    `${round(0.68 * dx + side * 0.2 * dy)},${round(0.68 * dy - side * 0.2 * dx)}`;
  return (
    `<path class="a" d="M0,0L${round(dx)},${round(dy)}M${corner(1)}L${round(dx)},${round(dy)}L${corner(-1)}" ` +
    `stroke="${ink}" stroke-width="${round(size / 42)}" fill="none" stroke-linecap="round" ` +
    `vector-effect="non-scaling-stroke" ${transform}/>`
  );
}
