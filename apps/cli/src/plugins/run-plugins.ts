import { existsSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Registry } from '@maxent/core';
import { shellWord } from '../output/shell-word.js';
import { isConfigFile, loadPlugins, type PluginSet } from './load-plugins.js';
import { readPluginName, shownName } from './plugin-name.js';
import { PluginProblem } from './plugin-problem.js';

/** What a run, or a plan of one, names and needs. */
export interface RunNames {
  readonly agent: string | undefined;
  readonly environment: string | undefined;
  readonly family: string | undefined;
}

/** A run whose plugins are wanted. */
export interface PluginRun extends RunNames {
  /** The run directory, absolute. */
  readonly directory: string;
  /** `plugins` of its `config.json`. */
  readonly plugins: readonly string[];
}

export interface RunPluginOptions {
  readonly workingDirectory: string;
  /** What the user named with `--plugin`; it replaces what the runs recorded. */
  readonly requested: readonly string[];
  readonly runs: readonly PluginRun[];
  /** What else must be there, such as levels of a hierarchy that have not started. */
  readonly also?: readonly RunNames[];
  /** Told about code that a run's word makes run, before it does. */
  readonly notice: (text: string) => void;
}

/**
 * The plugins for runs that exist. A run directory is data that may come from anybody: of what it recorded only packages
 * are loaded that are installed for the working directory under their bare name. Files are loaded when the user names
 * them, with `--plugin` or in the `maxent.config.*` of the working directory; where that configuration brings what the
 * runs need, nothing else is loaded. Throws PluginProblem that names the plugin a run wants, and the words that add it.
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
      `${first}, which is not among what is loaded. It ${named === '' ? 'names no plugin' : `names ${named}`}. ${advice(options)}`,
    );
  }
  for (const name of unused) {
    if (configured && isConfigFile(name)) continue;
    notice(
      `The run names the plugin ${shownName(name)}, which is not loaded: what the run needs is there without it.\n`,
    );
  }
  return set;
}

/** How a run records what its plugins came from: packages by name, files by their path from the run directory. */
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
    `the run names the plugin ${shownName(name)}, which is not loaded on a run's word: it is code. ${advice(options)}`,
  );
}

/** Longest name of a file on common systems. */
const LONGEST_NAME = 255;

/** The words with which the user takes responsibility for what the runs recorded. */
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
  if (words.length === 0) return 'Name the package or the file that brings it: --plugin PACKAGE_OR_FILE';
  return `If you trust it, add ${[...new Set(words)].join(' ')}`;
}

/** What of a run is not registered, as the beginning of a sentence. */
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
