import { type LearningCurve, learningCurveSeries, lineChartSvg } from '@maxent/training/report';

/** Learning curves on one axis; the band of a curve spans its runs. */
export function learningCurvesSvg(title: string, curves: readonly LearningCurve[]): string {
  return lineChartSvg({
    title,
    xLabel: 'environment steps',
    series: curves.map(learningCurveSeries),
    width: 760,
    height: 360,
  });
}
