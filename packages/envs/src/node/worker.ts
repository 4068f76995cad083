import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Environment, Info, Snapshot } from '@maxent/core';
import { areStateful, keepStatistics } from '../vector/abilities.js';
import { advance, begin } from '../vector/advance.js';
import { describeSpace } from '../vector/space-description.js';
import { closeQuietly } from '../vector/sync-vector-environment.js';
import { Countdown } from './countdown.js';
import { fieldsOf, InfoShape } from './info-shape.js';
import { Lookout } from './lookout.js';
import { makeShare } from './make-share.js';
import {
  type Reply,
  type Request,
  type ShareTask,
  storeError,
  type WorkerReady,
  type WorkerStart,
} from './protocol.js';
import {
  CLOSE,
  COMMAND,
  CURRENT,
  IDLE,
  INFO_BY_MESSAGE,
  MESSAGE,
  MESSAGES,
  RESET,
  SharedBlock,
  STEP,
} from './shared-block.js';

/** The maximum number of info shapes; infos of further shapes are sent as messages. */
const MAX_SHAPES = 16;

/** The environments of one worker and its side of the shared memory. */
class Lanes {
  private readonly shapes: InfoShape[] = [];

  constructor(
    private readonly environments: readonly Environment[],
    private readonly block: SharedBlock,
    private readonly countdown: Countdown,
    private readonly port: MessagePort,
    private readonly lookout: Lookout,
  ) {}

  /** Runs commands until it is told to close. */
  run(): void {
    const { control } = this.block;
    for (;;) {
      this.lookout.wait(control, COMMAND, isCommand);
      const command = Atomics.exchange(control, COMMAND, IDLE);
      if (command === CLOSE) break;
      try {
        this.carryOut(command);
      } catch (error) {
        this.send({ kind: 'failure', error: storeError(error) });
      }
      this.countdown.countDown();
    }
    for (const environment of this.environments) closeQuietly(environment);
    this.port.close();
  }

  private carryOut(command: number): void {
    if (command === MESSAGE) {
      this.answer((receiveMessageOnPort(this.port) as { message: Request }).message);
      return;
    }
    this.forEach((environment, index) => {
      if (command === RESET) this.reset(environment, index);
      if (command === STEP) this.step(environment, index);
    });
  }

  private reset(environment: Environment, index: number): void {
    const seed = this.block.readSeed(index);
    const { observation, info } = begin(environment, seed === undefined ? {} : { seed });
    this.block.writeObservation(index, 'observation', observation);
    this.give(index, 'info', info);
  }

  private step(environment: Environment, index: number): void {
    const step = advance(environment, this.block.readAction(index), this.block.readSeed(index), false);
    const { observation, info, end } = step;
    this.block.writeObservation(index, 'observation', observation);
    this.block.writeOutcome(index, step);
    this.give(index, 'info', info);
    if (end === null) return;
    this.block.writeObservation(index, 'finalObservation', end.observation);
    this.give(index, 'finalInfo', end.info);
  }

  private answer(request: Request): void {
    if (request.kind === 'getState') {
      const states: Snapshot[] = [];
      this.forEach((environment) => {
        states.push(environment.getState!());
      });
      this.send({ kind: 'states', states });
      return;
    }
    this.forEach((environment, index) => {
      environment.setState!(request.states[index]!);
    });
  }

  /** An error is told with the environment that was at work. */
  private forEach(work: (environment: Environment, index: number) => void): void {
    this.environments.forEach((environment, index) => {
      Atomics.store(this.block.control, CURRENT, index);
      work(environment, index);
    });
  }

  /** Sends an info: numbers, booleans and arrays of numbers through shared memory, any other as a message. */
  private give(index: number, place: 'info' | 'finalInfo', info: Info): void {
    let shape = this.shapes.findIndex((known) => known.write(index, place, info));
    if (shape === -1) shape = this.addShape(index, place, info);
    if (shape === INFO_BY_MESSAGE) this.send({ kind: 'info', index, place, info });
    this.block.writeInfoShape(index, place, shape);
  }

  private addShape(index: number, place: 'info' | 'finalInfo', info: Info): number {
    const fields = this.shapes.length < MAX_SHAPES ? fieldsOf(info) : null;
    if (fields === null) return INFO_BY_MESSAGE;
    const shape = new InfoShape(fields, this.environments.length);
    shape.write(index, place, info);
    this.send({ kind: 'shape', fields, buffer: shape.buffer });
    return this.shapes.push(shape) - 1;
  }

  private send(reply: Reply): void {
    this.port.postMessage(reply);
    Atomics.add(this.block.control, MESSAGES, 1);
  }
}

const isCommand = (word: number) => word !== IDLE;

async function main(): Promise<void> {
  const task = workerData as ShareTask;
  let environments: Environment[];
  try {
    environments = await makeShare(task);
    const { observationSpace, actionSpace } = environments[0]!;
    parentPort!.postMessage({
      observationSpace: describeSpace(observationSpace),
      actionSpace: describeSpace(actionSpace),
      stateful: areStateful(environments),
      keepsStatistics: keepStatistics(environments),
    } satisfies WorkerReady);
  } catch (error) {
    parentPort!.postMessage({ refused: storeError(error) });
    return;
  }
  parentPort!.once('message', ({ buffer, countdown, port, moment }: WorkerStart) => {
    const { observationSpace, actionSpace } = environments[0]!;
    const block = new SharedBlock(observationSpace, actionSpace, task.count, buffer);
    new Lanes(environments, block, new Countdown(countdown), port, new Lookout(moment)).run();
  });
}

await main();
