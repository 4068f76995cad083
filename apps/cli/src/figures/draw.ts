import type { CommandIo } from '../process/command-io.js';
import { resolvePath } from '../process/paths.js';
import type { DrawRequest } from './draw-options.js';
import type { Figure } from './figure.js';
import { figurePage } from './page.js';
import type { Story } from './story.js';
import { drawInTerminal } from './terminal.js';
import { writePage } from './write-page.js';

export interface Drawable {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Called if a drawing is asked for. */
  readonly figures: () => readonly Figure[];
  /** Drawings that only a page has, as SVG elements on white. */
  readonly drawings?: () => readonly string[];
  /** Called if a page is asked for, with its figures. */
  readonly story?: (figures: readonly Figure[]) => Story;
}

/** Width of figures if there is no terminal to measure. */
const WIDTH = 100;

/**
 * Writes the page and returns the drawing for the terminal, each if asked for. Throws InvalidInputError if the page
 * cannot be written.
 */
export async function draw(
  { plot, html }: DrawRequest,
  { title, facts, figures: makeFigures, drawings, story }: Drawable,
  io: CommandIo,
): Promise<{ drawing?: string }> {
  if (!plot && html === undefined) return {};
  const figures = makeFigures();
  if (html !== undefined) {
    await writePage(resolvePath(io, html), figurePage(title, facts, figures, story?.(figures), drawings?.()));
  }
  if (!plot) return {};
  const { columns, colors } = io.screen ?? { columns: WIDTH, colors: false };
  return { drawing: `\n${drawInTerminal(figures, { width: columns, colors })}` };
}
