import { cellsRange, type Figure } from '../../../figures/figure.js';
import { controlFigures } from '../../../models/control-figures.js';
import { type Comparison, METHODS } from './comparison.js';

/** The figures of each method, one method after another for each kind of figure, on one scale. */
export function comparisonFigures({ mdp, horizon, methods }: Comparison): Figure[] {
  const drawn = METHODS.map((name) =>
    controlFigures(mdp, methods[name], horizon).map((figure) => ({
      ...figure,
      title: `${name}: ${figure.title}`,
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
