import { Discrete, defineEnvironment, type Rng, type TabularMdp } from '@maxent/core';
import * as z from 'zod';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';
import { type Move, neighbor } from './grid-moves.js';
import { type EmitOutcome, mdpFromOutcomes } from './mdp-from-outcomes.js';
import { sampleTransition, TabularEnvironment } from './tabular-environment.js';

const SIZE = 5;
const CELL_COUNT = SIZE * SIZE;
/** The cells of the landmarks red, green, yellow and blue. */
const LANDMARKS: readonly number[] = [0, 4, 20, 23];
/** The passenger's place when in the taxi. */
const IN_TAXI = 4;
const PLACE_COUNT = 5;
const STATE_COUNT = CELL_COUNT * PLACE_COUNT * LANDMARKS.length;
/** The cells with a wall on their east side. */
const WALLED_EAST: ReadonlySet<number> = new Set([1, 6, 15, 17, 20, 22]);

/** The actions south, north, east and west; pick up and drop off come after them. */
const MOVES: readonly Move[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];
const PICK_UP = 4;
const ACTION_COUNT = 6;
/** The two sides of each move, left first. */
const SIDES = [
  [2, 3],
  [3, 2],
  [1, 0],
  [0, 1],
] as const;

const taxiTableOptions = z.object({
  rainy: z
    .boolean()
    .default(false)
    .describe('Whether a free move may go to either side of its direction instead.'),
  rainyProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe('Probability that a move in the rain goes where it aims; the two sides share the rest.'),
});

const taxiOptions = taxiTableOptions.extend({
  ficklePassenger: z
    .boolean()
    .default(false)
    .describe(
      'Whether the passenger may change the destination once, at the first move after being picked up.',
    ),
  fickleProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('Probability, drawn per episode, that a fickle passenger will change the destination.'),
});

/**
 * Gymnasium's Taxi-v4 (Dietterich 2000) as an explicit process. State: ((row * 5 + column) * 5 + place) * 4 +
 * destination, where places 0 to 3 are the landmarks red, green, yellow, blue and 4 is the taxi. Actions: south,
 * north, east, west, pick up, drop off. A step costs 1, a useless pick-up or drop-off 10; delivery pays 20 and ends
 * the episode. Setting the passenger down at another landmark is allowed and costs 1.
 *
 * The four states with taxi and passenger at the destination are terminal. An episode never enters the other 96 states
 * in which the passenger waits at the destination. Gymnasium's table reaches the four without ending the episode, but
 * only from those 96.
 */
export function taxi(options: z.input<typeof taxiTableOptions> = {}): TabularMdp {
  const { rainy, rainyProbability } = taxiTableOptions.parse(options);
  const initial = new Float64Array(STATE_COUNT);
  const terminal = new Uint8Array(STATE_COUNT);
  for (let state = 0; state < STATE_COUNT; state++) {
    const { cell, place, destination } = decode(state);
    if (place !== IN_TAXI && place !== destination) initial[state] = 1 / 300;
    if (place === destination && cell === LANDMARKS[destination]) terminal[state] = 1;
  }
  return mdpFromOutcomes({
    stateCount: STATE_COUNT,
    actionCount: ACTION_COUNT,
    outcomes: (state, action, emit) => {
      if (action < PICK_UP) drive(decode(state), action, rainy ? rainyProbability : 1, emit);
      else if (action === PICK_UP) pickUp(decode(state), emit);
      else dropOff(decode(state), emit);
    },
    initial,
    terminal,
    actionNames: ['south', 'north', 'east', 'west', 'pick up', 'drop off'],
  });
}

/** `actionMask` has a 1 for each action that changes the state, in the order of the actions. */
export type TaxiInfo = { readonly actionMask: readonly number[] };

/** Episodes of Taxi; `info.actionMask` has a 1 for each action that changes the state, in the order of the actions. */
class Taxi extends TabularEnvironment<TaxiInfo> {
  protected override readonly picture = 'Taxi';

  protected override info(): TaxiInfo {
    return { actionMask: actionMask(this.observe()) };
  }
}

/**
 * Taxi with a passenger who may change their mind: with `fickleProbability` per episode, the first move after a pick-up
 * redraws the destination from the other three. Whether that will happen is hidden, so the 500 observed states do not
 * form a Markov process and there is no table to solve.
 */
class FickleTaxi extends StateVectorEnvironment<number, number, TaxiInfo> {
  protected override readonly picture = 'Taxi';
  readonly observationSpace = new Discrete(STATE_COUNT);
  readonly actionSpace = new Discrete(ACTION_COUNT);

  constructor(
    private readonly mdp: TabularMdp,
    private readonly fickleProbability: number,
  ) {
    // The state's index, and 1 as long as the passenger is going to change the destination.
    super(2);
  }

  observe(): number {
    return this.state[0]!;
  }

  protected override info(): TaxiInfo {
    return { actionMask: actionMask(this.observe()) };
  }

  protected start(rng: Rng): void {
    this.state[0] = rng.categorical(this.mdp.initial);
    this.state[1] = rng.uniform() < this.fickleProbability ? 1 : 0;
  }

  protected advance(action: number, rng: Rng): Outcome {
    const before = decode(this.state[0]!);
    const { next, reward } = sampleTransition(this.mdp, this.state[0]!, action, rng);
    const after = decode(next);
    this.state[0] = next;
    if (this.state[1] === 1 && before.place === IN_TAXI && after.cell !== before.cell) {
      this.state[1] = 0;
      const destination = (before.destination + 1 + rng.integer(LANDMARKS.length - 1)) % LANDMARKS.length;
      this.state[0] = encode({ ...after, destination });
    }
    return { reward, terminated: this.mdp.terminal[next] === 1 };
  }
}

export const taxiEnvironment = defineEnvironment({
  id: 'Taxi-v4',
  description: 'Drive a taxi on a small grid, pick up a passenger and deliver them.',
  options: taxiOptions,
  maxEpisodeSteps: 200,
  create: ({ ficklePassenger, fickleProbability, ...table }) =>
    ficklePassenger ? new FickleTaxi(taxi(table), fickleProbability) : new Taxi(taxi(table)),
});

interface TaxiState {
  readonly cell: number;
  /** Where the passenger is: a landmark's index, or IN_TAXI. */
  readonly place: number;
  readonly destination: number;
}

function encode({ cell, place, destination }: TaxiState): number {
  return (cell * PLACE_COUNT + place) * LANDMARKS.length + destination;
}

function decode(state: number): TaxiState {
  const cellAndPlace = Math.floor(state / LANDMARKS.length);
  return {
    cell: Math.floor(cellAndPlace / PLACE_COUNT),
    place: cellAndPlace % PLACE_COUNT,
    destination: state % LANDMARKS.length,
  };
}

/** A move into a wall stays where it is, even in the rain: only a free move can slip. */
function drive(state: TaxiState, action: number, successProbability: number, emit: EmitOutcome): void {
  const aim = moved(state.cell, action);
  const arrive = (probability: number, cell: number) => emit(probability, encode({ ...state, cell }), -1);
  if (aim === state.cell || successProbability === 1) {
    arrive(1, aim);
    return;
  }
  const side = (1 - successProbability) / 2;
  arrive(successProbability, aim);
  for (const direction of SIDES[action]!) arrive(side, moved(state.cell, direction));
}

function pickUp(state: TaxiState, emit: EmitOutcome): void {
  const waiting = state.cell === LANDMARKS[state.place];
  emit(1, encode(waiting ? { ...state, place: IN_TAXI } : state), waiting ? -1 : -10);
}

function dropOff(state: TaxiState, emit: EmitOutcome): void {
  const landmark = LANDMARKS.indexOf(state.cell);
  if (state.place !== IN_TAXI || landmark === -1) emit(1, encode(state), -10);
  else emit(1, encode({ ...state, place: landmark }), landmark === state.destination ? 20 : -1);
}

function moved(cell: number, direction: number): number {
  const next = neighbor(cell, MOVES[direction]!, SIZE, SIZE);
  const walled = next === cell + 1 ? WALLED_EAST.has(cell) : next === cell - 1 && WALLED_EAST.has(next);
  return walled ? cell : next;
}

function actionMask(state: number): number[] {
  const { cell, place } = decode(state);
  const moves = MOVES.map((_, direction) => (moved(cell, direction) === cell ? 0 : 1));
  const pick = cell === LANDMARKS[place] ? 1 : 0;
  const drop = place === IN_TAXI && LANDMARKS.includes(cell) ? 1 : 0;
  return [...moves, pick, drop];
}
