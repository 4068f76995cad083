import type { ControlInference } from '@maxent/pgm';
import type { CellsFigure, Figure, World } from '../figures/figure.js';
import { type Story, timelineOf } from '../figures/story.js';
import { TILE_MARKS } from '../figures/tile-mark.js';

const FORMULAS: Readonly<Record<ControlInference, Story['formulas']>> = {
  hard: [
    [
      "Q(s, a) = r(s, a) + discount E V(s')",
      'the reward now plus what is expected later under the true odds',
    ],
    ['V(s) = max_a Q(s, a)', 'hard takes the best action, and of equally good ones the first'],
  ],
  exact: [
    [
      "Q(s, a) = r(s, a) + temperature log E exp(V(s') / temperature)",
      'exact asks how episodes look in which every step turned out optimal, so good luck weighs more than bad: the soft maximum over outcomes replaces their mean',
    ],
    [
      'V(s) = temperature log sum_a p(a | s) exp(Q(s, a) / temperature)',
      'a soft maximum over actions: close to the best Q at low temperature, to their mean under the prior at high',
    ],
  ],
  variational: [
    [
      "Q(s, a) = r(s, a) + discount E V(s')",
      'variational keeps the true odds: it may choose actions, not luck. This is maximum-entropy reinforcement learning',
    ],
    [
      'V(s) = temperature log sum_a p(a | s) exp(Q(s, a) / temperature)',
      'a soft maximum over actions: close to the best Q at low temperature, to their mean under the prior at high',
    ],
  ],
};

const SHARED: Story['formulas'] = [
  [
    'policy(a | s) = p(a | s) exp((Q(s, a) - V(s)) / temperature)',
    'the soft policies prefer better actions, the more so the lower the temperature; the prior p is 1 for "none"',
  ],
];

const COMPARED: Story['formulas'] = [
  [
    'log evidence = log E exp(V_exact / temperature) over starts',
    'how probable it is that every step of an episode is optimal',
  ],
  [
    'bound = E V_variational / temperature over starts',
    'the most that a policy under the true odds can reach: its reward over temperature, less its distance from the prior',
  ],
  [
    'gap = KL(variational episodes || exact episodes)',
    'never below 0; it is 0 where there is no luck to hope for, in the outcomes or in the start',
  ],
];

/** The formulas of the inferences, the marks of the tiles, and a slider if a figure has a time. */
export function controlStory(inferences: readonly ControlInference[], figures: readonly Figure[]): Story {
  const soft = inferences.some((inference) => inference !== 'hard');
  const timed = figures.find(
    (figure): figure is CellsFigure =>
      figure.kind === 'cells' && (figure.film !== undefined || figure.columnName === 't'),
  );
  const own = inferences.flatMap((inference) =>
    FORMULAS[inference].map(
      ([formula, words]) => [inferences.length > 1 ? `${inference}: ${formula}` : formula, words] as const,
    ),
  );
  return {
    formulas: [
      ...own,
      ...(soft ? SHARED : []),
      ...(inferences.length > 1 ? COMPARED : []),
      ...tileLegend(figures),
    ],
    ...(timed && { timeline: timelineOf(figures, timed.columns, []) }),
  };
}

/** How the tiles of a world are marked. */
function tileLegend(figures: readonly Figure[]): Story['formulas'] {
  const world = figures.map((figure) => (figure.kind === 'cells' ? figure.world : undefined)).find(Boolean) as
    | World
    | undefined;
  if (world === undefined) return [];
  const tiles = world.grid.tiles ?? '';
  const marks = TILE_MARKS.flatMap(({ tiles: marked, mark }) =>
    [...marked].filter((tile) => tiles.includes(tile)).map((tile) => `${tile}: ${mark}`),
  );
  return [
    ['arrows', 'as long as their action is probable; a ring is an action that stays'],
    ...(marks.length === 0 ? [] : [['tiles', marks.join(', ')] as const]),
  ];
}
