import type { CoinRewards } from '../tasks/coin-rewards.js';
import { circle, colors, label, picture, rectangle } from './drawing.js';
import { walker } from './symbols.js';

const WIDE = 76;
const BAR = 130;
/** How many columns are drawn at most: those around the agent. */
const MOST = 24;

/** Columns, each as high as it is likely to pay, and a coin if the last step did. */
export function coins({ cells, actions, probability }: CoinRewards, state: number): string {
  // With one cell there is nothing to walk on: the actions are arms.
  const arms = cells === 1;
  const count = arms ? actions : cells;
  const column = Math.floor(state / 2);
  const paid = state % 2 === 1;
  const shown = Math.min(count, MOST);
  const middle = column - Math.floor(shown / 2);
  const first = Math.min(Math.max(middle, 0), count - shown);
  const width = Math.max(shown * WIDE, 3 * WIDE);
  const left = (width - shown * WIDE) / 2;
  const floor = 40 + BAR;
  const center = (index: number) => left + (index - first + 0.5) * WIDE;
  return picture(
    width,
    floor + 66,
    arms ? 'The arms of a bandit' : 'Cells that pay coins',
    rectangle(0, floor, width, 66, { fill: colors.ground }),
    ...Array.from({ length: shown }, (_, i) => {
      const x = center(first + i);
      const part = arms ? probability(0, first + i) : probability(first + i, 0);
      const bar = (height: number, fill: string) =>
        rectangle(x - WIDE * 0.3, floor - height, WIDE * 0.6, height, { fill, rx: 3 });
      const name = label([x, floor + 24], 17, String(first + i));
      return [
        bar(BAR, colors.ground),
        bar(BAR * part, colors.goal),
        label([x, floor - BAR - 12], 14, part.toFixed(2)),
        arms ? name : '',
      ].join('');
    }),
    arms ? '' : walker([center(column), floor + 30], 20),
    circle([width - 26, floor + 44], 14, {
      fill: paid ? colors.part : 'none',
      stroke: colors.ink,
      'stroke-width': 1.5,
      'stroke-dasharray': paid ? 'none' : '3 3',
    }),
    label([width - 26, floor + 44], 15, '1', { opacity: paid ? 1 : 0 }),
  );
}
