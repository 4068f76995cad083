import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import {
  type Environment,
  guardEnvironment,
  type Info,
  isRecord,
  type Plugin,
  PluginError,
  UnknownNameError,
} from '@maxent/core';
import { makeEnvironment } from '../make-environment.js';
import { advance, begin } from '../vector/advance.js';
import { describeSpace } from '../vector/space-description.js';
import { closeQuietly } from '../vector/sync-vector-environment.js';
import { Countdown } from './countdown.js';
import { fieldsOf, InfoShape } from './info-shape.js';
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
  IDLE,
  INFO_BY_MESSAGE,
  MESSAGE,
  MESSAGES,
  RESET,
  SharedBlock,
  STEP,
} from './shared-block.js';

/**
 * How many times a worker looks for the next command before it sleeps, which takes about half a millisecond. If
 * environments are stepped without a pause, the command comes sooner than that, and waking a thread up can take as long
 * as a step of HalfCheetah.
 */
const LOOKS = 50_000;

/**
 * A worker that waited longer than this for a command sleeps at once instead of looking for the next one: if gradient
 * steps come in between, looking would only take a core away from them.
 */
const SOON_MILLISECONDS = 0.6;

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
    private readonly warnings: string[],
  ) {}

  /** Runs commands until it is told to close. Between commands the thread looks for a moment, then sleeps. */
  run(): void {
    const { control } = this.block;
    let soon = true;
    for (;;) {
      const start = performance.now();
      for (let looks = soon ? 0 : LOOKS; looks < LOOKS && Atomics.load(control, COMMAND) === IDLE; looks++);
      // A wake-up alone proves nothing: it may be a late one for the previous command.
      while (Atomics.load(control, COMMAND) === IDLE) Atomics.wait(control, COMMAND, IDLE);
      soon = performance.now() - start < SOON_MILLISECONDS;
      const command = Atomics.exchange(control, COMMAND, IDLE);
      if (command === CLOSE) break;
      try {
        this.carryOut(command);
      } catch (error) {
        this.send({ kind: 'failure', error: storeError(error) });
      }
      for (const message of this.warnings.splice(0)) this.send({ kind: 'warning', message });
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
    this.environments.forEach((environment, index) => {
      Atomics.store(this.block.control, CURRENT, index);
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
    const step = advance(environment, this.block.readAction(index), this.block.readSeed(index));
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
      this.send({ kind: 'states', states: this.environments.map((environment) => environment.getState!()) });
      return;
    }
    this.environments.forEach((environment, index) => {
      Atomics.store(this.block.control, CURRENT, index);
      environment.setState!(request.states[index]!);
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

/** Makes the environments; the first one's guard puts its warnings into `warnings`. */
async function makeAll(
  { module, id, options, count, guard }: WorkerTask,
  warnings: string[],
): Promise<Environment[]> {
  const definition = findDefinition((await import(module)) as Record<string, unknown>, module, id);
  const environments: Environment[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const environment = await makeEnvironment(definition, options);
      const onWarning = i === 0 ? (message: string) => void warnings.push(message) : undefined;
      environments.push(guard ? guardEnvironment(environment, { ...guard, onWarning }) : environment);
    }
    return environments;
  } catch (error) {
    for (const environment of environments) closeQuietly(environment);
    throw error;
  }
}

/** The definition of the environment with this id, from any plugin that the module exports. */
function findDefinition(exports: Record<string, unknown>, module: string, id: string) {
  const definitions = Object.values(exports)
    .flatMap((exported) => [exported, ...pluginsIn(exported)])
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

/** The plugins of a configuration file, `defineConfig({ plugins })`. */
function pluginsIn(exported: unknown): readonly unknown[] {
  const plugins = isRecord(exported) ? exported.plugins : undefined;
  return Array.isArray(plugins) ? plugins : [];
}

function isPlugin(exported: unknown): exported is Plugin {
  return isRecord(exported) && Array.isArray(exported.environments);
}

async function main(): Promise<void> {
  const task = workerData as WorkerTask;
  const warnings: string[] = [];
  let environments: Environment[];
  try {
    environments = await makeAll(task, warnings);
    const { observationSpace, actionSpace } = environments[0]!;
    parentPort!.postMessage({
      observationSpace: describeSpace(observationSpace),
      actionSpace: describeSpace(actionSpace),
      stateful: environments.every(
        ({ getState, setState }) => getState !== undefined && setState !== undefined,
      ),
      keepsStatistics: environments.some(({ getStatistics }) => getStatistics !== undefined),
    } satisfies WorkerReady);
  } catch (error) {
    parentPort!.postMessage({ refused: storeError(error) });
    return;
  }
  parentPort!.once('message', ({ buffer, countdown, port }: WorkerStart) => {
    const { observationSpace, actionSpace } = environments[0]!;
    const block = new SharedBlock(observationSpace, actionSpace, task.count, buffer);
    new Lanes(environments, block, new Countdown(countdown), port, warnings).run();
  });
}

await main();
