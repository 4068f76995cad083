import { formatCount, formatValue } from '../../output/format-number.js';
import type { ReportAnswer } from './answer.js';

/** A line for each run, and the path of the picture. */
export function formatReportAnswer({ runs, curve }: ReportAnswer): string {
  const lines = runs.map(({ agent, environment, seed, lastEvaluation, report: path }) => {
    const result =
      lastEvaluation === null
        ? 'no evaluation yet'
        : `return ${formatValue(Number(lastEvaluation.returnMean))} at step ${formatCount(lastEvaluation.step)}`;
    return `${agent} on ${environment}, seed ${seed}: ${result}; ${path}`;
  });
  return `${[...lines, ...(curve === null ? [] : [`Learning curves: ${curve}`])].join('\n')}\n`;
}
