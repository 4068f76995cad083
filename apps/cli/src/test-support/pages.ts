import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chainOfThree, forest, healthClinic, localLevel, scalarRegulator } from './models.js';
import { runInProcess } from './run-in-process.js';

/**
 * Every page that a command writes, by the name of its pictures. A command's words may be names of runs and models below,
 * which are made when first needed; `PAGE` is the file to write. To add a page, add a line.
 */
export const PAGES: Readonly<Record<string, string>> = {
  report: 'report sac --html PAGE',
  'report-compare': 'report lake lake-seed-2 lake-greedy --html PAGE',
  'watch-robot': 'watch sac --html PAGE --eval-max-steps 60',
  'watch-grid': 'watch lake --html PAGE --stochastic',
  'infer-hmm': 'infer healthClinic.json --html PAGE',
  'infer-lgssm': 'infer localLevel.json --html PAGE',
  'infer-mdp': 'infer forest.json --html PAGE',
  'infer-lqr': 'infer scalarRegulator.json --html PAGE',
  'infer-factor-graph': 'infer chainOfThree.json --html PAGE',
  'infer-compare': 'infer forest.json --compare --html PAGE',
  solve: 'solve FrozenLake-v1 --temperature 0.1 --inference variational --html PAGE',
  'solve-compare': 'solve CliffWalking-v1 --temperature 0.5 --discount 0.95 --compare --html PAGE',
  adapt: 'adapt pearl --html PAGE',
};

const small = '--set hiddenSizes=[8] --set batchSize=16';

const MODELS: Readonly<Record<string, object>> = {
  'healthClinic.json': healthClinic,
  'localLevel.json': localLevel,
  'forest.json': forest,
  'scalarRegulator.json': scalarRegulator,
  'chainOfThree.json': chainOfThree,
};

const FAMILY = [
  ...['hiddenSizes=[8]', 'encoderHiddenSizes=[8]', 'metaBatchSize=2', 'batchSize=8', 'contextSize=8'],
  ...['initialSteps=20', 'priorSteps=20', 'posteriorSteps=20', 'extraSteps=20', 'updatesPerIteration=100'],
  ...['tasksPerIteration=2', 'replayCapacity=500', 'trainTasks=3', 'testTasks=2', 'explorationEpisodes=2'],
];

const LAKE = 'train soft-q-learning --env FrozenLake-v1 --steps 400 --eval-every 100 --eval-episodes 2';

/** Runs of a second or two. */
const RUNS: Readonly<Record<string, string>> = {
  sac: `train sac --env InvertedPendulum-v5 --steps 300 --eval-every 100 --eval-episodes 2 --eval-max-steps 60 --set learningStarts=50 ${small}`,
  lake: `${LAKE} --seed 1`,
  'lake-seed-2': `${LAKE} --seed 2`,
  'lake-greedy': `${LAKE} --seed 1 --set temperature=0.5`,
  pearl: `train pearl --family PointRobot --steps 300 --eval-every 150 ${FAMILY.map((setting) => `--set ${setting}`).join(' ')}`,
};

/** Makes pages in a directory, and what they need once. */
export class PageMaker {
  private readonly made = new Set<string>();

  constructor(private readonly directory: string) {}

  /** The path of a page, which is made now. */
  async make(name: string): Promise<string> {
    const page = `${name}.html`;
    const words = PAGES[name]!.split(' ').map((word) => (word === 'PAGE' ? page : word));
    for (const word of words.slice(1)) await this.prepare(word);
    await this.command(words);
    return join(this.directory, page);
  }

  private async prepare(word: string): Promise<void> {
    if (this.made.has(word)) return;
    this.made.add(word);
    const train = RUNS[word];
    if (train !== undefined) await this.command([...train.split(' '), '--out', word]);
    const model = MODELS[word];
    if (model !== undefined) await writeFile(join(this.directory, word), JSON.stringify(model));
  }

  private async command(words: readonly string[]): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const { exitCode, err } = await runInProcess(words, { directory: this.directory });
    if (exitCode !== 0) throw new Error(`maxent ${words.join(' ')}: exit code ${exitCode}: ${err}`);
  }
}
