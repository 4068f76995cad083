import type { Command } from './command.js';

interface CommandEntry {
  readonly summary: string;
  /** Commands are loaded when asked for, so that `maxent --help` starts at once. */
  // biome-ignore lint/suspicious/noExplicitAny: each command has input and answer types of its own.
  readonly load: () => Promise<Command<any, any>>;
}

/** Every command by name, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  'quick-start': {
    summary: 'Watch soft actor-critic learn to balance a pendulum',
    load: async () => (await import('./quick-start/quick-start.js')).quickStart,
  },
  train: {
    summary: 'Train an agent, or continue a run',
    load: async () => (await import('./train/train.js')).train,
  },
  eval: {
    summary: "Run episodes with a run's policy",
    load: async () => (await import('./eval/eval.js')).evalCommand,
  },
  watch: {
    summary: "Write an episode of a run's policy as a page to play",
    load: async () => (await import('./watch/watch.js')).watch,
  },
  adapt: {
    summary: 'Watch an agent trained over a task family adapt to one task',
    load: async () => (await import('./adapt/adapt.js')).adapt,
  },
  export: {
    summary: "Write a run's policy as a file that acts without its agent",
    load: async () => (await import('./export/export.js')).exportCommand,
  },
  infer: {
    summary: 'Infer the hidden part of a model in a JSON file',
    load: async () => (await import('./infer/infer.js')).infer,
  },
  solve: {
    summary: 'Solve a tabular environment exactly',
    load: async () => (await import('./solve/solve.js')).solve,
  },
  rollout: {
    summary: 'Run an environment from a given state with given actions',
    load: async () => (await import('./rollout/rollout.js')).rollout,
  },
  report: {
    summary: "Write a run's report, or compare several runs",
    load: async () => (await import('./report/report.js')).report,
  },
  list: {
    summary: 'List agents, environments, task families, backends or plugins',
    load: async () => (await import('./list/list.js')).list,
  },
  doctor: {
    summary: 'Show which backends were found, which one is chosen and why, and check it',
    load: async () => (await import('./doctor/doctor.js')).doctor,
  },
};
