import type { EvaluationRow, RunConfig } from '@maxent/training';
import type { LearningCurveChart } from '@maxent/training/node';

/** The learning curve of one level. */
export interface LevelCurve {
  readonly label: string;
  readonly environment: RunConfig['environment'];
  readonly runs: readonly (readonly EvaluationRow[])[];
}

/**
 * The learning curves of a hierarchy, one chart for each environment, because different rewards have no common axis.
 */
export function levelCharts(curves: readonly LevelCurve[]): LearningCurveChart[] {
  const keyOf = ({ environment }: LevelCurve) => JSON.stringify(environment);
  return [...new Set(curves.map(keyOf))].map((key) => {
    const ofWorld = curves.filter((curve) => keyOf(curve) === key);
    const { id, options } = ofWorld[0]!.environment;
    const others = curves.filter(({ environment }) => environment.id === id).length > ofWorld.length;
    return {
      title: `Evaluation return on ${id}${others ? ` ${JSON.stringify(options)}` : ''}, level by level`,
      xLabel: 'steps of the levels',
      curves: ofWorld,
    };
  });
}
