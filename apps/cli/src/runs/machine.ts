import { availableParallelism, cpus, totalmem } from 'node:os';

/** The machine a number was measured on. */
export function describeMachine() {
  return {
    operatingSystem: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  };
}
