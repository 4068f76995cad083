import { basename } from 'node:path';
import { draw } from '../../figures/draw.js';
import type { DrawRequest } from '../../figures/draw-options.js';
import { parseJson } from '../../input/parse-json.js';
import { readText } from '../../input/read-text.js';
import { inferModel } from '../../models/infer-model.js';
import { readModel } from '../../models/model.js';
import { summaryOf } from '../../models/summary.js';
import type { CommandIo } from '../../process/command-io.js';
import type { InferAnswer } from './answer.js';

export interface InferFileOptions extends DrawRequest {
  /** Path of the file, or `-` for standard input. */
  readonly model: string;
}

/** Inference in the model that a file holds. Throws InvalidInputError. */
export async function inferFile(
  { model: name, ...request }: InferFileOptions,
  io: CommandIo,
): Promise<{ answer: InferAnswer; drawing?: string }> {
  const model = readModel(parseJson(await readText(io, name, 'MODEL'), name, 'MODEL'));
  const { answer, figures } = inferModel(model);
  if (!request.plot && request.html === undefined) return { answer };
  const title = name === '-' ? model.kind : `${basename(name, '.json')} (${model.kind})`;
  const drawable = { title, facts: summaryOf(answer).facts, figures: figures() };
  return { answer, ...(await draw(request, drawable, io)) };
}
