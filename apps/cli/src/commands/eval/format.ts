import { formatCount, formatCounted, formatValue } from '../../output/format-number.js';
import type { EvalAnswer } from './answer.js';

/** The mean, and a line for each episode. */
export function formatEvalAnswer(answer: EvalAnswer): string {
  const { returnMean, returnStd, returns, lengths, step, transformedReturnMean } = answer;
  return [
    `return ${formatValue(Number(returnMean))} ± ${formatValue(Number(returnStd))} over ${formatCounted(returns.length, 'episode')} ` +
      `with the policy of step ${formatCount(step)}`,
    ...(transformedReturnMean === undefined
      ? []
      : [
          `  (mean ${formatValue(Number(transformedReturnMean))} in rewards as changed by wrappers for the agent)`,
        ]),
    ...returns.map(
      (value, episode) => `  ${formatValue(Number(value))} in ${formatCounted(lengths[episode]!, 'step')}`,
    ),
    '',
  ].join('\n');
}
