// ../assembly/squashed-gaussian.ts, four actions at a time: the log-density's sum has four partial sums.
#ifndef MAXENT_SQUASHED_GAUSSIAN_H
#define MAXENT_SQUASHED_GAUSSIAN_H

#include "elementwise.h"

static void squashed_gaussian(const void *job, int from, int to) {
  const struct squashed_gaussian *p = job;
  const q lowest = q_splat(p->minimum), highest = q_splat(p->maximum);
  for (int row = from; row < to; row++) {
    const size_t start = (size_t)row * p->actions;
    q total = q_splat(0);
    for (int i = 0; i < p->actions; i += 4) {
      const int lanes = p->actions - i < 4 ? p->actions - i : 4;
      const size_t at = start + i;
      const q e = q_load_part(p->noise + at, lanes);
      const q mean = q_load_part(p->head + start + at, lanes);
      const q raw = q_load_part(p->head + start + p->actions + at, lanes);
      const q s = q_at_most(q_at_least(raw, lowest), highest);
      const q u = q_fma(q_exponential(s), e, mean);
      q_store_part(p->raw_action + at, u, lanes);
      q_store_part(p->action + at, q_tanh(u), lanes);
      const q normal = e * e * q_splat(-0.5f) - (s + q_splat(0.918938533204673f));
      const q fold = (q_splat(0.693147180559945f) - u) - q_softplus(u * q_splat(-2));
      float terms[4];
      q_store(terms, normal - (fold + fold));
      total = total + q_load_part(terms, lanes);
    }
    p->log_prob[row] = q_sum(total);
  }
}

static void squashed_gaussian_gradient(const void *job, int from, int to) {
  const struct squashed_gaussian *p = job;
  const q lowest = q_splat(p->minimum), highest = q_splat(p->maximum), one = q_splat(1), zero = q_splat(0);
  for (int row = from; row < to; row++) {
    const size_t start = (size_t)row * p->actions;
    const q density = q_splat(p->d_log_prob[row]);
    for (int i = 0; i < p->actions; i += 4) {
      const int lanes = p->actions - i < 4 ? p->actions - i : 4;
      const size_t at = start + i;
      const q a = q_load_part(p->action + at, lanes);
      q du = q_fma(q_load_part(p->d_action + at, lanes), one - a * a, q_load_part(p->d_raw_action + at, lanes));
      du = q_fma(a + a, density, du);
      const q s = q_load_part(p->head + start + p->actions + at, lanes);
      const q spread = q_exponential(s) * q_load_part(p->noise + at, lanes);
      q_store_part(p->d_head + start + at, du, lanes);
      const q ds = q_if_within(s, lowest, highest, du * spread - density, zero);
      q_store_part(p->d_head + start + p->actions + at, ds, lanes);
    }
  }
}

#endif
