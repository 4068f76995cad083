import { formatNumber } from '@maxent/training/report';
import type { Drawable } from '../../figures/draw.js';
import type { Story } from '../../figures/story.js';
import { formatTask } from '../../output/task.js';
import type { AdaptAnswer } from './answer.js';
import { adaptationFigures, type BeliefAt } from './figures.js';
import { type AdaptationPlane, drawPlanes } from './planes.js';

const FORMULAS: Story['formulas'] = [
  [
    'belief q(z | transitions)',
    'a Gaussian over the latent z that stands for the task, inferred from what was seen in it; it begins as the prior',
  ],
  [
    'mean ± deviation',
    'where the belief is and how certain: it should move early and then stay, while its band narrows',
  ],
  [
    'prior, belief',
    'an exploring episode acts on a draw of z from the prior, a later one on a draw from the belief',
  ],
];

const PLANE: Story['formulas'] = [
  [
    'distance to the task',
    'how far from the goal the agent ends if it acts on draws from the belief: the mean and the range of 40 draws, before the first episode and after each',
  ],
  [
    'on the plane',
    'line: the path of the episode from its dot; pale discs: where draws from the belief after it lead; ring: the goal',
  ],
];

/** The adaptation to a task in figures: returns, the belief's path and, on a plane, where it points. */
export function adaptationDrawable(
  answer: AdaptAnswer,
  path: readonly BeliefAt[],
  plane: AdaptationPlane | undefined,
): Drawable {
  const { family, task, step, episodes } = answer;
  return {
    title: `${family}: ${formatTask(task)}`,
    facts: [
      ['agent of step', String(step)],
      ...episodes.map(
        (episode, i) =>
          [
            `episode ${i + 1}, from ${episode.latentFrom}`,
            `return ${formatNumber(Number(episode.return))}${episode.success === 1 ? ', goal reached' : ''}`,
          ] as const,
      ),
    ],
    figures: () => adaptationFigures(answer, path, plane),
    drawings: () => (plane === undefined ? [] : drawPlanes(episodes, plane)),
    story: () => ({
      formulas: [...(path.length > 0 ? FORMULAS : []), ...(plane === undefined ? [] : PLANE)],
    }),
  };
}
