/**
 * The outcomes of one state and action, in order of the next state. Those that lead to the same state are merged into
 * one, which pays their mean reward, weighted by probability.
 */
export class OutcomeRow {
  /** How many there are; the arrays may be longer, so that they need not grow again for every row. */
  count = 0;
  readonly next: number[] = [];
  readonly probs: number[] = [];
  readonly rewards: number[] = [];

  clear(): void {
    this.count = 0;
  }

  /** Takes a positive probability. */
  add(next: number, probability: number, reward: number): void {
    let place = this.count;
    while (place > 0 && this.next[place - 1]! > next) place--;
    if (place > 0 && this.next[place - 1] === next) {
      this.#merge(place - 1, probability, reward);
      return;
    }
    for (let i = this.count; i > place; i--) {
      this.next[i] = this.next[i - 1]!;
      this.probs[i] = this.probs[i - 1]!;
      this.rewards[i] = this.rewards[i - 1]!;
    }
    this.next[place] = next;
    this.probs[place] = probability;
    this.rewards[place] = reward;
    this.count++;
  }

  #merge(place: number, probability: number, reward: number): void {
    const before = this.probs[place]!;
    const sum = before + probability;
    const held = this.rewards[place]!;
    // Equal rewards stay what they are, to the last bit.
    if (held !== reward) this.rewards[place] = (before * held + probability * reward) / sum;
    this.probs[place] = sum;
  }
}
