import { formatCount, formatValue } from '../../output/format-number.js';
import { formatTable } from '../../output/table.js';
import { formatTask } from '../../output/task.js';
import type { AdaptAnswer } from './answer.js';

/** The adaptation as a table with a row for each episode. */
export function formatAdaptAnswer({ family, task, step, episodes, page }: AdaptAnswer): string {
  const succeeds = episodes.some(({ success }) => success !== undefined);
  const believes = episodes.some(({ belief }) => belief !== undefined);
  const numbers = (values: readonly (number | string)[]) =>
    values.map((value) => formatValue(Number(value))).join(' ');
  const head = [
    'episode',
    'acts on',
    'return',
    'steps',
    ...(succeeds ? ['success'] : []),
    ...(believes ? ['belief: mean', 'deviation'] : []),
  ];
  const rows = episodes.map((episode, i) => [
    String(i + 1),
    episode.latentFrom,
    formatValue(Number(episode.return)),
    formatCount(episode.length),
    ...(succeeds ? [episode.success === 1 ? 'yes' : 'no'] : []),
    ...(believes ? [numbers(episode.belief?.mean ?? []), numbers(episode.belief?.deviation ?? [])] : []),
  ]);
  return [
    `${family}, ${formatTask(task)}, with the agent of step ${formatCount(step)}:`,
    formatTable([head, ...rows]),
    ...(page === undefined ? [] : [`Page: ${page}`]),
    '',
  ].join('\n');
}
