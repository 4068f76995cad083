// An empty folder of somebody who has installed the packages with npm.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const MINUTES = 60_000;

export class Project {
  /** Makes the folder and installs the tarballs and what else is named. */
  static async create(directory, tarballs, tools) {
    const project = new Project(directory);
    project.write({ 'package.json': JSON.stringify({ name: 'consumer', private: true }) });
    await project.run('npm', 'install', '--silent', '--no-audit', '--no-fund', ...tarballs, ...tools);
    return project;
  }

  constructor(directory) {
    this.directory = directory;
  }

  path(...names) {
    return join(this.directory, ...names);
  }

  /** Writes files, by their paths. */
  write(files) {
    for (const [name, contents] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), contents);
    }
  }

  /** The path of a file of an installed package, through its exports. */
  resolve(specifier) {
    return createRequire(this.path('package.json')).resolve(specifier);
  }

  /** Runs a command, an installed one before others; returns what it wrote to standard output. */
  async run(command, ...argv) {
    const env = { ...process.env, PATH: `${this.path('node_modules/.bin')}:${process.env.PATH}` };
    try {
      const options = { cwd: this.directory, env, maxBuffer: 2 ** 26, timeout: 5 * MINUTES };
      return (await promisify(execFile)(command, argv, options)).stdout;
    } catch (error) {
      const { killed, message, stdout = '', stderr = '' } = error;
      const problem = killed ? 'took more than 5 minutes' : message.split('\n', 1)[0];
      const told = `${stdout}${stderr}`.trim().split('\n').slice(0, 30).join('\n');
      throw Object.assign(new Error(`${problem}\n${told}`), { stdout, stderr });
    }
  }

  /** Runs a program and reads the JSON that is the last line of its output. */
  async answer(command, ...argv) {
    return JSON.parse((await this.run(command, ...argv)).trim().split('\n').at(-1));
  }
}
