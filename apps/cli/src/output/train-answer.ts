import type { TrainAnswer } from '../answers/train.js';
import { formatCount, formatValue } from './format-number.js';

/** How a run went and where it lies. */
export function formatTrainAnswer(answer: TrainAnswer): string {
  const { outcome, steps, updates, stepsPerSecond, backend, evaluations, runDir, report } = answer;
  const verb = { completed: 'Completed', solved: 'Solved after', interrupted: 'Stopped after' }[outcome];
  const rate = stepsPerSecond.toFixed(stepsPerSecond < 10 ? 1 : 0);
  const lines = [
    `${verb} ${formatCount(steps)} steps and ${formatCount(updates)} updates, ${rate} steps/s on ${backend}.`,
  ];
  const last = evaluations.at(-1);
  if (last !== undefined) {
    const value = `${formatValue(Number(last.returnMean))} ± ${formatValue(Number(last.returnStd))}`;
    lines.push(
      `Last evaluation: return ${value} over ${last.episodes} episodes at step ${formatCount(last.step)}.`,
    );
  }
  for (const level of answer.levels ?? []) lines.push(`${level.runDir}: ${formatCount(level.steps)} steps`);
  if (answer.curve !== undefined) lines.push(`Learning curves: ${answer.curve}`);
  lines.push(`Report: ${report}`);
  if (outcome === 'interrupted') lines.push(`Continue with: maxent train --resume --out ${runDir}`);
  return `${lines.join('\n')}\n`;
}
