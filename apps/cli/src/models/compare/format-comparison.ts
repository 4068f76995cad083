import { formatColumns } from '../../output/columns.js';
import { shownNumber } from '../../output/summary.js';
import { formatTable } from '../../output/table.js';
import { stateName } from '../names.js';
import { type Comparison, METHODS } from './comparison.js';
import { at, indexOfMost } from './decisions.js';

const MOST_STATES = 20;
const MOST_ACTIONS = 12;

type Facts = readonly (readonly [name: string, value: string])[];

/** Evidence, bound and gap, and how to read them. */
export function comparisonFacts(comparison: Comparison, explanation: string): Facts {
  const { logEvidence, elbo, kl, discount, horizon } = comparison;
  return [
    ['what differs', explanation],
    ['log evidence', `${shownNumber(logEvidence)} nats, from exact`],
    ['variational bound', `${shownNumber(elbo)} nats, from variational`],
    ['their gap', kl === null ? 'none: the evidence is impossible' : `${shownNumber(kl)} nats`],
    ...(horizon === null ? [] : ([['decisions', String(horizon)]] as const)),
    ...(discount === 1
      ? []
      : ([
          ['discount', `each step ends the episode with probability ${shownNumber(1 - discount)}`],
        ] as const)),
  ];
}

/** The comparison for people: facts, the decision at the most likely start, and value and action of every state. */
export function formatComparison(comparison: Comparison, explanation: string): string {
  const parts = [formatColumns(comparisonFacts(comparison, explanation), ''), startTable(comparison)];
  parts.push(stateTable(comparison));
  const more = comparison.mdp.stateCount - MOST_STATES;
  return `${parts.join('\n\n')}\n${more > 0 ? `  ... ${more} more; --json shows everything\n` : ''}`;
}

/** Q and policy of each method at the most likely start, and the exact message log beta(s, a). */
function startTable(comparison: Comparison): string {
  const { mdp, actions, methods, horizon, temperature } = comparison;
  const state = indexOfMost(mdp.initial);
  const [hard, exact, variational] = METHODS.map((name) => at(comparison, methods[name], { t: 0, state }));
  const rows = actions
    .slice(0, MOST_ACTIONS)
    .map((action, a) => [
      action,
      ...[hard!, exact!, variational!].flatMap(({ Q, policy }) => [
        shownNumber(Q[a]!),
        shownNumber(policy[a]!),
      ]),
      shownNumber(exact!.Q[a]! / temperature),
    ]);
  const when = horizon === null ? '' : ' at t = 0';
  const heading = `${stateName(mdp.grid, state)}${when}, the ${mdp.initial[state] === 1 ? '' : 'most likely '}start:`;
  const head = ['action', ...METHODS.flatMap((name) => [`Q ${name}`, 'p']), 'log beta'];
  const rest = actions.length - MOST_ACTIONS;
  const more = rest > 0 ? `\n  ... ${rest} more actions; --json shows everything` : '';
  return `${heading}\n${formatTable([head, ...rows])}${more}`;
}

function stateTable(comparison: Comparison): string {
  const { mdp, actions, methods, horizon } = comparison;
  const shown = Math.min(mdp.stateCount, MOST_STATES);
  const rows = Array.from({ length: shown }, (_, state) => {
    const solved = METHODS.map((name) => at(comparison, methods[name], { t: 0, state }));
    return [
      stateName(mdp.grid, state),
      ...solved.map(({ V }) => shownNumber(V)),
      ...solved.map(({ policy }) => {
        const best = indexOfMost(policy);
        if (mdp.terminal[state] === 1 || policy[best] === 0) return '-';
        return policy[best] === 1 ? actions[best]! : `${actions[best]} ${shownNumber(policy[best]!)}`;
      }),
    ];
  });
  const heading = `V${horizon === null ? '' : ' at t = 0'} and the preferred action with its probability:`;
  const head = ['', ...METHODS.map((name) => `V ${name}`), ...METHODS];
  return `${heading}\n${formatTable([head, ...rows])}`;
}
