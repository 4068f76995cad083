import { cellsRange, type Figure } from '../../figures/figure.js';
import { controlFigures } from '../control-figures.js';
import { stateName } from '../names.js';
import { type Comparison, METHODS } from './comparison.js';
import { at, indexOfMost } from './decisions.js';

const MOST_ACTIONS = 12;

/**
 * The figures of each method, one method after another for each kind of figure, on one scale, and Q and the exact message
 * at the most likely start.
 */
export function comparisonFigures(comparison: Comparison): Figure[] {
  return [...figuresOfMethods(comparison), ...startFigures(comparison)];
}

function startFigures(comparison: Comparison): Figure[] {
  const { mdp, actions, methods, horizon, temperature } = comparison;
  const state = indexOfMost(mdp.initial);
  if (mdp.terminal[state] === 1) return [];
  const where = `${stateName(mdp.grid, state)}${horizon === null ? '' : ', t = 0'}`;
  const bars = (title: string, of: readonly (readonly [label: string, values: Float64Array])[]): Figure => ({
    kind: 'bars',
    title: `${title} in ${where}, a start`,
    bars: actions
      .slice(0, MOST_ACTIONS)
      .flatMap((action, a) =>
        of.map(([label, values]) => ({ label: `${action}${label}`, value: values[a]! })),
      ),
    probabilities: false,
  });
  const Q = METHODS.map((name) => [`, ${name}`, at(comparison, methods[name], { t: 0, state }).Q] as const);
  const exact = at(comparison, methods.exact, { t: 0, state }).Q;
  return [
    bars('Q', Q),
    bars('Log message beta(s, a) of exact', [['', exact.map((value) => value / temperature)]]),
  ];
}

function figuresOfMethods({ mdp, horizon, methods }: Comparison): Figure[] {
  const drawn = METHODS.map((name) =>
    controlFigures(mdp, methods[name], horizon).map((figure) => ({
      ...figure,
      title: `${name}: ${figure.title}`,
      ...(figure.kind === 'cells' && { beside: true }),
    })),
  );
  return drawn[0]!.flatMap((_, kind) => {
    const alike = drawn.flatMap((figures) => figures[kind] ?? []);
    const cells = alike.filter((figure) => figure.kind === 'cells');
    if (cells.length < alike.length) return alike;
    const ranges = cells.map((figure) => figure.range ?? cellsRange([figure]));
    const range = [
      Math.min(...ranges.map(([low]) => low)),
      Math.max(...ranges.map(([, high]) => high)),
    ] as const;
    return cells.map((figure) => ({ ...figure, range }));
  });
}
