import { type Environment, InvalidInputError, svgProblem } from '@maxent/core';

/** Draws the environment and checks what it drew. Throws InvalidInputError if it cannot be drawn. */
export function drawer(environment: Environment, id: string): () => Promise<string> {
  if (environment.render === undefined) {
    throw new InvalidInputError(
      'runDir',
      `${id} has no render method, so there is nothing to watch. Add render() to the environment: it returns the ` +
        'current state as the text of an SVG document with a viewBox, <svg viewBox="0 0 100 100">...</svg>',
    );
  }
  return async () => {
    const picture: unknown = await environment.render!();
    const problem =
      typeof picture === 'string' ? svgProblem(picture) : `it is a ${typeof picture}, not a string`;
    if (problem === undefined) return picture as string;
    throw new InvalidInputError(
      'runDir',
      `what render() of ${id} returned cannot be shown: ${problem}. Correct the environment`,
    );
  };
}
