export { type LineChartOptions, lineChartSvg } from './line-chart.js';
export { escapeMarkup } from './markup.js';
export { formatNumber } from './numbers.js';
export { type LearningCurve, learningCurveSeries, type Point, type Series } from './series.js';
export { stepsLabel } from './steps-label.js';
