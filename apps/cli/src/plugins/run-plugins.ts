import { existsSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Registry } from '@maxent/core';
import { shellWord } from '@maxent/training/report';
import { isConfigFile, loadPlugins, type PluginSet } from './load-plugins.js';
import { readPluginName, shownName } from './plugin-name.js';
import { PluginProblem } from './plugin-problem.js';

/** The names that a run, or a plan of one, needs. */
export interface RunNames {
  readonly agent: string | undefined;
  readonly environment: string | undefined;
  readonly family: string | undefined;
}

/** A run whose plugins are to be loaded. */
export interface PluginRun extends RunNames {
  /** The run directory, absolute. */
  readonly directory: string;
  /** `plugins` of its `config.json`. */
  readonly plugins: readonly string[];
}

export interface RunPluginOptions {
  readonly workingDirectory: string;
  /** The plugins that the user named with `--plugin`; they replace what the runs recorded. */
  readonly requested: readonly string[];
  readonly runs: readonly PluginRun[];
  /** Other names that must be available, such as those of hierarchy levels that have not started. */
  readonly also?: readonly RunNames[];
  /** Called before code is loaded because a run names it. */
  readonly notice: (text: string) => void;
}

/**
 * The plugins for existing runs. A run directory is data that may come from anybody: of the plugins that it recorded,
 * only packages installed for the working directory under their bare name are loaded. Files are loaded if the user
 * names them, with `--plugin` or in the `maxent.config.*` of the working directory; if that configuration provides what
 * the runs need, nothing else is loaded. Throws PluginProblem, which names the plugin that a run needs and the option
 * that adds it.
 */
export async function loadRunPlugins(options: RunPluginOptions): Promise<PluginSet> {
  const { workingDirectory, requested, runs, also = [], notice } = options;
  const recorded = requested.length > 0 ? [] : [...new Set(runs.flatMap(({ plugins }) => plugins))];
  for (const name of recorded) refuseUnusable(name, options);
  const set = await loadPlugins(workingDirectory, requested);
  const configured = requested.length === 0 && set.sources.length > 0;
  const missing = () => [...runs, ...also].flatMap((names) => missingOf(names, set.registry));
  const unused = configured && missing().length === 0 ? recorded : recorded.filter(isConfigFile);
  const wanted = recorded.filter((name) => !unused.includes(name));
  for (const name of wanted) refuseUnlessPackage(name, options);
  for (const name of wanted) {
    const announce = () => notice(`Loading the plugin ${shownName(name)}, which the run names.\n`);
    set.add(await set.loader.installed(name, '--plugin', announce), '--plugin');
  }
  const [first] = missing();
  if (first !== undefined) {
    const named = runs.flatMap(({ plugins }) => plugins.map(shownName)).join(', ');
    throw new PluginProblem(
      '--plugin',
      `${first}, which no loaded plugin provides. It ${named === '' ? 'names no plugin' : `names ${named}`}. ${advice(options)}`,
    );
  }
  for (const name of unused) {
    if (configured && isConfigFile(name)) continue;
    notice(`The run names the plugin ${shownName(name)}, which is not loaded: the run does not need it.\n`);
  }
  return set;
}

/** How a run records the sources of its plugins: packages by name, files by their path from the run directory. */
export function recordedNames(sources: readonly string[], runDirectory: string): string[] {
  return sources.map((source) => (isAbsolute(source) ? explicitPath(runDirectory, source) : source));
}

function refuseUnusable(name: string, options: RunPluginOptions): void {
  const form = readPluginName(name);
  if (form.kind !== 'refused') return;
  throw new PluginProblem(
    '--plugin',
    `the run names the plugin ${shownName(name)}, ${form.reason}, which is never loaded. ${advice(options)}`,
  );
}

function refuseUnlessPackage(name: string, options: RunPluginOptions): void {
  if (readPluginName(name).kind === 'package') return;
  throw new PluginProblem(
    '--plugin',
    `the run names the plugin ${shownName(name)}, which is not loaded just because a run names it: it is code. ${advice(options)}`,
  );
}

/** Longest name of a file on common systems. */
const LONGEST_NAME = 255;

/** The option with which the user takes responsibility for what the runs recorded. */
function advice({ workingDirectory, runs }: RunPluginOptions): string {
  const words = runs.flatMap(({ directory, plugins }) =>
    plugins.map((name) => {
      const { kind } = readPluginName(name);
      // A name that no file can have is not worth repeating.
      if (kind === 'refused' || name.length > LONGEST_NAME) return '--plugin PACKAGE_OR_FILE';
      if (kind !== 'path') return `--plugin ${shellWord(name)}`;
      const path = resolve(directory, name);
      return `--plugin ${existsSync(path) ? shellWord(explicitPath(workingDirectory, path)) : `PATH_TO/${shellWord(basename(path))}`}`;
    }),
  );
  if (words.length === 0) return 'Name the package or the file that provides it: --plugin PACKAGE_OR_FILE';
  return `If you trust it, add ${[...new Set(words)].join(' ')}`;
}

/** The names that a run needs but are not registered, each as the beginning of a sentence. */
function missingOf({ agent, environment, family }: RunNames, registry: Registry): string[] {
  const needed = [
    ['agent', agent, registry.agents.map(({ name }) => name)],
    ['environment', environment, registry.environments.map(({ id }) => id)],
    ['task family', family, registry.taskFamilies.map(({ id }) => id)],
  ] as const;
  return needed.flatMap(([kind, name, known]) =>
    name === undefined || known.includes(name) ? [] : [`the run needs the ${kind} ${shownName(name)}`],
  );
}

/** A path that cannot be mistaken for a package's name. */
function explicitPath(from: string, to: string): string {
  const path = relative(from, to).split(sep).join('/');
  return isAbsolute(path) || path.startsWith('../') ? path : `./${path}`;
}
