import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Environment, Info, Plugin } from '@maxent/core';
import { PluginError, UnknownNameError } from '@maxent/core';
import { makeEnvironment } from '../make-environment.js';
import { advance } from '../vector/advance.js';
import { describeSpace } from '../vector/space-description.js';
import { closeQuietly } from '../vector/sync-vector-environment.js';
import {
  type Reply,
  type Request,
  storeError,
  type WorkerReady,
  type WorkerStart,
  type WorkerTask,
} from './protocol.js';
import {
  CLOSE,
  COMMAND,
  CURRENT,
  DONE,
  IDLE,
  INFO_BY_MESSAGE,
  INFO_CAPACITY,
  MESSAGE,
  MESSAGES,
  RESET,
  SharedBlock,
  STATUS,
  STEP,
} from './shared-block.js';

/**
 * How often a worker looks for the next command before it sleeps, which takes some tenths of a millisecond. In a
 * training loop the command mostly comes sooner, and waking a thread up can take as long as a step of HalfCheetah.
 */
const LOOKS = 50_000;

/** The environments of one worker and its side of the shared memory. */
class Lanes {
  private readonly shapes = new Map<string, number>();

  constructor(
    private readonly environments: readonly Environment[],
    private readonly block: SharedBlock,
    private readonly port: MessagePort,
  ) {}

  /** Carries out commands until it is told to close. Between them the thread watches for a moment, then sleeps. */
  run(): void {
    const { control } = this.block;
    for (;;) {
      for (let looks = 0; looks < LOOKS && Atomics.load(control, COMMAND) === IDLE; looks++);
      // A wake-up says nothing by itself: the call that announced the last command may come late.
      while (Atomics.load(control, COMMAND) === IDLE) Atomics.wait(control, COMMAND, IDLE);
      const command = Atomics.exchange(control, COMMAND, IDLE);
      if (command === CLOSE) break;
      try {
        this.carryOut(command);
      } catch (error) {
        this.send({ kind: 'failure', error: storeError(error) });
      }
      Atomics.store(control, STATUS, DONE);
      Atomics.notify(control, STATUS);
    }
    for (const environment of this.environments) closeQuietly(environment);
    this.port.close();
  }

  private carryOut(command: number): void {
    if (command === MESSAGE) {
      this.answer((receiveMessageOnPort(this.port) as { message: Request }).message);
      return;
    }
    this.environments.forEach((environment, index) => {
      Atomics.store(this.block.control, CURRENT, index);
      if (command === RESET) this.reset(environment, index);
      if (command === STEP) this.step(environment, index);
    });
  }

  private reset(environment: Environment, index: number): void {
    const seed = this.block.readSeed(index);
    const { observation, info } = environment.reset(seed === undefined ? {} : { seed });
    this.block.writeObservation(index, 'observation', observation);
    this.give(index, 'info', info);
  }

  private step(environment: Environment, index: number): void {
    const { observation, info, reward, terminated, truncated, end } = advance(
      environment,
      this.block.readAction(index),
    );
    this.block.writeObservation(index, 'observation', observation);
    this.block.writeOutcome(index, reward, terminated, truncated);
    this.give(index, 'info', info);
    if (end === null) return;
    this.block.writeObservation(index, 'finalObservation', end.observation);
    this.give(index, 'finalInfo', end.info);
  }

  private answer(request: Request): void {
    if (request.kind === 'getState') {
      this.send({ kind: 'states', states: this.environments.map((environment) => environment.getState!()) });
      return;
    }
    this.environments.forEach((environment, index) => {
      Atomics.store(this.block.control, CURRENT, index);
      environment.setState!(request.states[index]!);
    });
  }

  /** An info of a few numbers goes through shared memory, any other as a message. */
  private give(index: number, place: 'info' | 'finalInfo', info: Info): void {
    const shape = this.shapeOf(info);
    if (shape === INFO_BY_MESSAGE) this.send({ kind: 'info', index, place, info });
    this.block.writeInfo(index, place, shape, info);
  }

  private shapeOf(info: Info): number {
    const keys = Object.keys(info);
    if (keys.length > INFO_CAPACITY || keys.some((key) => typeof info[key] !== 'number'))
      return INFO_BY_MESSAGE;
    const name = JSON.stringify(keys);
    const known = this.shapes.get(name);
    if (known !== undefined) return known;
    this.send({ kind: 'shape', keys });
    this.shapes.set(name, this.shapes.size);
    return this.shapes.size - 1;
  }

  private send(reply: Reply): void {
    this.port.postMessage(reply);
    Atomics.add(this.block.control, MESSAGES, 1);
  }
}

async function makeAll({ module, id, options, count }: WorkerTask): Promise<Environment[]> {
  const definition = findDefinition((await import(module)) as Record<string, unknown>, module, id);
  const environments: Environment[] = [];
  try {
    while (environments.length < count) environments.push(await makeEnvironment(definition, options));
    return environments;
  } catch (error) {
    for (const environment of environments) closeQuietly(environment);
    throw error;
  }
}

/** The environment with this id, of whichever plugin the module exports. */
function findDefinition(exports: Record<string, unknown>, module: string, id: string) {
  const definitions = Object.values(exports)
    .filter(isPlugin)
    .flatMap(({ environments }) => environments ?? []);
  if (definitions.length === 0) {
    throw new PluginError(`${module}: exports no plugin with environments; export one made by definePlugin`);
  }
  const found = definitions.find((definition) => definition.id === id);
  if (found === undefined) {
    throw new UnknownNameError(
      'environment',
      id,
      definitions.map((definition) => definition.id),
    );
  }
  return found;
}

function isPlugin(exported: unknown): exported is Plugin {
  return (
    typeof exported === 'object' && exported !== null && Array.isArray((exported as Plugin).environments)
  );
}

async function main(): Promise<void> {
  const task = workerData as WorkerTask;
  let environments: Environment[];
  try {
    environments = await makeAll(task);
    const { observationSpace, actionSpace } = environments[0]!;
    parentPort!.postMessage({
      observationSpace: describeSpace(observationSpace),
      actionSpace: describeSpace(actionSpace),
      stateful: environments.every(
        ({ getState, setState }) => getState !== undefined && setState !== undefined,
      ),
    } satisfies WorkerReady);
  } catch (error) {
    parentPort!.postMessage({ refused: storeError(error) });
    return;
  }
  parentPort!.once('message', ({ buffer, port }: WorkerStart) => {
    const { observationSpace, actionSpace } = environments[0]!;
    new Lanes(environments, new SharedBlock(observationSpace, actionSpace, task.count, buffer), port).run();
  });
}

await main();
