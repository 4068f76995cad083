export { type Comparison, compareRuns, type RecordedRun } from './comparison.js';
export { comparisonPage, type ReportedComparison } from './comparison-page.js';
export type { FilmStrip } from './film-strip.js';
export { type LineChartOptions, lineChartSvg, lineChartsSvg } from './line-chart.js';
export { escapeMarkup } from './markup.js';
export { formatNumber, formatTick, round } from './numbers.js';
export { mean, median } from './score-statistics.js';
export { type LearningCurve, learningCurveSeries, type Point, type Series } from './series.js';
export { commonStepsLabel, stepsLabel } from './steps-label.js';
