import type { TabularMdp } from '@maxent/core';
import type { Drawable } from '../../figures/draw.js';
import { controlStory } from '../control-story.js';
import { type CompareOptions, compareInference, METHODS } from './comparison.js';
import { answerOf } from './comparison-answer.js';
import { comparisonFigures } from './comparison-figures.js';
import { comparisonFacts, formatComparison } from './format-comparison.js';

/** The answer of a comparison, as text for people, and what to draw below `title`. Throws what `compareInference` does. */
export function compared(title: string, mdp: TabularMdp, options: CompareOptions) {
  const comparison = compareInference(mdp, options);
  const answer = answerOf(comparison);
  const drawable: Drawable = {
    title: `${title}: hard, exact and variational`,
    facts: comparisonFacts(comparison, answer.explanation),
    figures: () => comparisonFigures(comparison),
    story: (figures) => controlStory(METHODS, figures),
  };
  return { answer, text: () => formatComparison(comparison, answer.explanation), drawable };
}

export type Compared = ReturnType<typeof compared>;
