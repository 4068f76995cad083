import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInputError, isMaxentError, UnknownNameError } from '@maxent/core';
import { formatBenchAnswer } from './bench/format-answer.js';
import { benchmarks } from './bench/index.js';
import { encodeJson } from './encode-json.js';
import { experiments } from './experiments/index.js';
import { formatJudgment } from './judge/format-judgment.js';
import { judgeExperiment } from './judge/judge-experiment.js';
import { runExperiment } from './reproduce/run-experiment.js';
import { compactRun } from './results/compact-run.js';
import { resultsDirectory } from './results/results-directory.js';

const FAILURE = 1;
const USAGE = 2;

const list = (entries: Readonly<Record<string, { readonly description: string }>>): string =>
  Object.entries(entries)
    .map(([name, { description }]) => `  ${name.padEnd(18)}${description}`)
    .join('\n');

const usage = `Usage: pnpm -s lab bench NAME [--python PATH] [--against COMMIT] [--json]
                                                            measure this machine side by side with a peer, or an earlier commit
       pnpm -s lab judge NAME [--results DIR] [--json]      judge the stored results of an experiment; trains nothing
       pnpm -s lab reproduce NAME [--only PART] [--out DIR] [--backend auto|native|wasm|cpu] [--json]
                                                            run the units of an experiment that have no result yet
       pnpm -s lab compact RUN_DIR --out DIR [--json]       keep a finished run as results do: configuration, evaluations

Benchmarks:
${list(benchmarks)}

Experiments:
${list(experiments)}
`;

const options = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  python: { type: 'string' },
  against: { type: 'string' },
  results: { type: 'string' },
  only: { type: 'string' },
  out: { type: 'string' },
  backend: { type: 'string' },
} as const;

type Options = ReturnType<typeof parse>['values'];

interface Answer {
  readonly answer: object;
  /** The answer for people. */
  readonly text: string;
  /** What must hold and does not, where that is a failure. */
  readonly failures?: readonly string[];
}

interface Command {
  readonly options: readonly (keyof Options)[];
  run(name: string, values: Options, io: LabIo): Promise<Answer>;
}

export interface LabIo {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const commands: Readonly<Record<string, Command>> = {
  bench: {
    options: ['python', 'against'],
    run: async (name, { python, against }, { writeError }) => {
      const benchmark = find('benchmark', name, benchmarks);
      const answer = await benchmark.run({ python, against, progress: (line) => writeError(`${line}\n`) });
      return { answer, text: formatBenchAnswer(answer), failures: answer.failures ?? [] };
    },
  },
  judge: {
    options: ['results'],
    run: async (name, { results }) => {
      const experiment = find('experiment', name, experiments);
      const stored = resultsDirectory('directory' in experiment ? experiment.directory : name);
      const answer = await judgeExperiment(name, experiment, results ?? stored);
      return { answer, text: formatJudgment(answer) };
    },
  },
  reproduce: {
    options: ['only', 'out', 'backend'],
    run: async (name, { only, out, backend }, { writeError }) => {
      const experiment = find('experiment', name, experiments);
      if (!('units' in experiment)) {
        throw new InvalidInputError(
          'experiment',
          `${name} judges runs of the command line; the commands are in apps/lab/src/experiments/${name}/plan.md, and \`pnpm -s lab judge ${name}\` judges those that are stored`,
        );
      }
      const directory = out ?? join('runs', 'reproduce', name);
      const progress = (line: string): void => writeError(`${line}\n`);
      const answer = await runExperiment({
        name,
        experiment,
        directory,
        only,
        backend: readBackend(backend),
        progress,
      });
      return { answer, text: `${formatJudgment(answer)}\nResults: ${resolve(directory)}\n` };
    },
  },
  compact: {
    options: ['out'],
    run: async (runDirectory, { out }) => {
      if (out === undefined) throw new InvalidInputError('--out', 'is required: where the run is to be kept');
      const directories = await compactRun(runDirectory, out);
      return { answer: { directories }, text: `${directories.join('\n')}\n` };
    },
  },
};

/**
 * Runs one command line and returns the exit code. With `--json` exactly one JSON document goes to standard output, the
 * answer or `{"error":{"code","message"}}`; progress goes to the error stream.
 */
export async function runLab(args: readonly string[], io: LabIo): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [name, subject, ...rest] = positionals;
    if (values.help || name === undefined) {
      io.writeOut(usage);
      return values.help ? 0 : USAGE;
    }
    const command = find('command', name, commands);
    if (subject === undefined)
      throw new InvalidInputError('NAME', `is required after ${name}; --help lists the names`);
    if (rest.length > 0)
      throw new InvalidInputError('NAME', `expected one name, got ${positionals.slice(1).join(' ')}`);
    const foreign = Object.keys(values).find(
      (key) => !['json', 'help', ...command.options].includes(key as keyof Options),
    );
    if (foreign !== undefined)
      throw new InvalidInputError(`--${foreign}`, `is not an option of ${name}; --help lists its options`);
    const { answer, text, failures = [] } = await command.run(subject, values, io);
    io.writeOut(values.json ? `${encodeJson(answer)}\n` : text);
    for (const failure of failures) io.writeError(`lab: ${failure}\n`);
    return failures.length > 0 ? FAILURE : 0;
  } catch (error) {
    if (!isMaxentError(error)) throw error;
    const { code, message } = error;
    if (args.includes('--json')) io.writeOut(`${JSON.stringify({ error: { code, message } })}\n`);
    io.writeError(`lab: ${message}\n`);
    return ['INVALID_INPUT', 'UNKNOWN_NAME', 'DAMAGED_DATA'].includes(code) ? USAGE : FAILURE;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    throw new InvalidInputError('arguments', `${(cause as Error).message}; --help shows what there is`, {
      cause,
    });
  }
}

function find<T>(kind: string, name: string, entries: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(entries, name)) return entries[name]!;
  throw new UnknownNameError(kind, name, Object.keys(entries));
}

const BACKENDS = ['auto', 'native', 'wasm', 'cpu'] as const;

function readBackend(name: string | undefined): (typeof BACKENDS)[number] | undefined {
  const backend = BACKENDS.find((one) => one === name);
  if (backend !== undefined || name === undefined) return backend;
  throw new InvalidInputError('--backend', `expected one of ${BACKENDS.join(', ')}, got "${name}"`);
}
