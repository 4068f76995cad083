import { shellWord } from '@maxent/training/report';
import { formatCount, formatCounted, formatRate, formatValue } from '../../output/format-number.js';
import { formatTable } from '../../output/table.js';
import { formatTask } from '../../output/task.js';
import type { TrainAnswer } from './answer.js';

/** How a run went and where it is stored. */
export function formatTrainAnswer(answer: TrainAnswer, plugins: readonly string[] = []): string {
  const { outcome, steps, updates, stepsPerSecond, backend, evaluations, runDir, report } = answer;
  const verb = { completed: 'Completed', solved: 'Solved after', interrupted: 'Stopped after' }[outcome];
  const lines = [
    `${verb} ${formatCounted(steps, 'step')} and ${formatCounted(updates, 'update')}, ${formatRate(stepsPerSecond, 'step')} on ${backend}.`,
  ];
  const last = evaluations.at(-1);
  if (last !== undefined) {
    const value = `${formatValue(Number(last.returnMean))} ± ${formatValue(Number(last.returnStd))}`;
    lines.push(
      `Last evaluation: return ${value} over ${formatCounted(last.episodes, 'episode')} at step ${formatCount(last.step)}.`,
    );
  }
  if (answer.adaptation !== undefined) lines.push(...adaptationLines(answer.adaptation));
  for (const level of answer.levels ?? [])
    lines.push(`${level.runDir}: ${formatCounted(level.steps, 'step')}`);
  if (answer.curve !== undefined) lines.push(`Learning curves: ${answer.curve}`);
  if (report !== undefined) lines.push(`Report: ${report}`);
  if (outcome === 'interrupted') {
    const words = ['--out', runDir, ...plugins.flatMap((plugin) => ['--plugin', plugin])].map(shellWord);
    lines.push(`Continue with: maxent train --resume ${words.join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A table of returns, a test task in each row. */
function adaptationLines({
  explorationEpisodes,
  sharedTasks,
  tasks,
}: NonNullable<TrainAnswer['adaptation']>): string[] {
  const episodes = tasks[0]!.returns.length;
  const head = Array.from(
    { length: episodes },
    (_, i) => `${i < explorationEpisodes ? 'prior' : 'belief'} ${i + 1}`,
  );
  const rows = tasks.map(({ task, returns }) => [
    formatTask(task),
    ...returns.map((r) => formatValue(Number(r))),
  ]);
  const notice = sharedTasks > 0 ? ` (${sharedTasks} of ${tasks.length} are also train tasks)` : '';
  return [`Return by episode on the test tasks${notice}:`, formatTable([['task', ...head], ...rows])];
}
