/** A line of a chart on a page. */
export interface Curve {
  readonly label: string;
  /** Its name beside its values, if that is not the label. */
  readonly short?: string;
  /** `noisy` is smoothed if it has enough points, `steady` is not. */
  readonly kind: 'noisy' | 'steady';
  /** The line's color: the number of a class. */
  readonly color: number;
  /** In ascending order. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A band around the points. */
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

export interface View {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

/** Of `numbers.ts`. */
interface NumberTools {
  readonly formatTick: (value: number) => string;
  readonly roundTicks: (low: number, high: number, count: number) => number[];
  readonly drawable: (value: number) => number;
  readonly widened: (low: number, high: number, margin: number) => [number, number];
}

/**
 * What draws a chart, here and again in the page when a reader zooms or smooths. The page has the source text of this
 * function, so it uses nothing but its arguments.
 */
export function makePlotter({ formatTick, roundTicks, drawable, widened }: NumberTools) {
  const fraction = (value: number, [low, high]: View['x']) => (drawable(value) - low) / (high - low);
  /** From 0 to 1,000, without finer digits, which would only make the page larger. */
  const place = (value: number, range: View['x']) => Math.round(1000 * fraction(value, range));
  const at = (x: number, y: number, view: View) => `${place(x, view.x)} ${1000 - place(y, view.y)}`;

  /** From 0, or the first point below it, to the last. */
  const wholeRange = (curves: readonly Curve[]): [number, number] => {
    let [first, last] = [0, drawable(-Infinity)];
    for (const { x } of curves) {
      if (x.length > 0) [first, last] = [Math.min(first, x[0]!), Math.max(last, x[x.length - 1]!)];
    }
    return widened(first, Math.max(first, last), 0);
  };

  /** This range of x, and the y of all that lies in it, with a margin. */
  const viewOf = (curves: readonly Curve[], x: View['x']): View => {
    let [low, high] = [drawable(Infinity), drawable(-Infinity)];
    for (const curve of curves) {
      curve.x.forEach((value, i) => {
        if (value < x[0] || value > x[1]) return;
        low = Math.min(low, drawable(curve.low?.[i] ?? curve.y[i]!));
        high = Math.max(high, drawable(curve.high?.[i] ?? curve.y[i]!));
      });
    }
    return { x, y: low > high ? [0, 1] : widened(low, high, 0.05) };
  };

  /**
   * The debiased exponential moving average of Kingma and Ba 2015: m_k = w m_(k-1) + (1 - w) y_k from m_0 = 0, and of
   * it m_k / (1 - w^k).
   */
  const smoothed = (y: readonly number[], weight: number): number[] => {
    let average = 0;
    return y.map((value, i) => {
      average = weight * average + (1 - weight) * value;
      return average / (1 - weight ** (i + 1));
    });
  };

  const smooths = ({ kind, x }: Curve, weight: number) => kind === 'noisy' && weight > 0 && x.length >= 20;

  const lineOf = (x: readonly number[], y: readonly number[], view: View) =>
    `M${x.map((value, i) => at(value, y[i]!, view)).join('L')}`;

  /** Grid and labels, in an element that is as wide and high as the plot. */
  const axisMarkup = (view: View, rows: number): string => {
    const percent = (part: number) => `${Math.round(part * 10_000) / 100}%`;
    const horizontal = roundTicks(view.y[0], view.y[1], rows).map((value) => {
      const y = percent(1 - fraction(value, view.y));
      return `<line x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y}" dy="4" text-anchor="end">${formatTick(value)}</text>`;
    });
    const vertical = roundTicks(view.x[0], view.x[1], 4).map((value) => {
      const x = percent(fraction(value, view.x));
      return `<text x="${x}" y="100%" dy="17" text-anchor="middle">${formatTick(value)}</text>`;
    });
    return `${horizontal.join('')}<line class="base" x2="100%" y1="100%" y2="100%"/>${vertical.join('')}`;
  };

  /** The curves in a box of 1,000 by 1,000. Marks are lines of no length, which keep their form when stretched. */
  const curvesMarkup = (curves: readonly Curve[], view: View, weight: number): string =>
    curves
      .map((curve) => {
        const { color, x, y, low, high } = curve;
        if (x.length === 0) return '';
        const draw = (name: string, path: string) => `<path class="${name} c${color}" d="${path}"/>`;
        const band =
          low && high
            ? draw('band', `${lineOf([...x, ...[...x].reverse()], [...high, ...[...low].reverse()], view)}Z`)
            : '';
        const path = lineOf(x, y, view);
        const soft = smooths(curve, weight);
        const line = soft
          ? draw('raw', path) + draw('line', lineOf(x, smoothed(y, weight), view))
          : draw('line', path);
        const few = !soft && x.length <= 60;
        return band + line + (few ? draw('mark', `${path.split('L').join('h0M')}h0`) : '');
      })
      .join('');

  return { wholeRange, viewOf, smooths, smoothed, axisMarkup, curvesMarkup };
}
