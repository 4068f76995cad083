// One sweep of value iteration, operation for operation as ../assembly/sweep.ts does it. That file describes the arrays.
// What they say is checked wherever it names a place, so that nothing outside the memory is read.
#ifndef MAXENT_SWEEP_H
#define MAXENT_SWEEP_H

#include <math.h>

#include "kernels.h"
#include "tables.h"

/** The kind of a block of runs. */
#define RUNS 255
/** As in ../src/control/backup.ts. */
#define SAFE_SUM 1e-250

static const char *const bad_rows = "sweep: rows do not lie in the memory";
static const char *const bad_columns = "sweep: columns do not lie in the memory";
static const char *const bad_runs = "sweep: runs do not fit their block";

/** Whether entries lie in the memory. */
static bool are_there(const struct sweep *s, size_t from, size_t to) {
  return from <= to && to <= s->columns.count && to <= s->probs.count;
}

INLINE double value_at(const struct sweep *s, uint32_t address) {
  double value;
  memcpy(&value, s->memory + address, sizeof value);
  return value;
}

/** Writes sum_i p_i x_i of each row of `count` states that begin at row `row`, all of `length` entries or, if 0, of any. */
INLINE const char *expectations(const struct sweep *s, size_t row, int count, uint32_t length) {
  const size_t rows = (size_t)count * (size_t)s->actions;
  if (row > s->offsets.count || rows + 1 > s->offsets.count - row) return bad_rows;
  const uint32_t *offset = s->offsets.at + row;
  const size_t first = offset[0];
  const size_t last = length > 0 ? first + length * rows : offset[rows];
  if (!are_there(s, first, last)) return bad_rows;
  // Rows are inside if none ends before it begins.
  if (length == 0) {
    for (size_t i = 0; i < rows; i++) if (offset[i] > offset[i + 1]) return bad_rows;
  }
  uint32_t most = 0;
  for (size_t i = first; i < last; i++) most = s->columns.at[i] > most ? s->columns.at[i] : most;
  if ((size_t)most + sizeof(double) > s->size) return bad_columns;
  const uint32_t *column = s->columns.at + first;
  const double *prob = s->probs.at + first;
  for (int state = 0; state < count; state++) {
    for (int action = 0; action < s->actions; action++, offset++) {
      const uint32_t entries = length > 0 ? length : offset[1] - offset[0];
      double sum = 0;
      for (uint32_t i = 0; i < entries; i++) sum += prob[i] * value_at(s, column[i]);
      column += entries;
      prob += entries;
      s->terms[(size_t)action * s->stride + (size_t)state] = sum;
    }
  }
  return NULL;
}

/** Adds `entries` products of a row to the sums of `count` states; from 0, if they are the `first`. */
INLINE void add_run(double *sums, int count, bool first, int entries, const double *prob, const double *const *x) {
  v p[4];
  for (int e = 0; e < entries; e++) p[e] = v_splat(prob[e]);
  for (int i = 0; i < count; i += LANES) {
    v sum = first ? v_splat(0) : v_load(sums + i);
    for (int e = 0; e < entries; e++) sum = sum + p[e] * v_load_up_to(x[e] + i, count - i);
    v_store(sums + i, sum);
  }
}

/** Does the same for runs of states; `run` is the first of the block. */
static const char *expectations_of_runs(const struct sweep *s, size_t *run, int from, int count) {
  for (int done = 0; done < count; ) {
    if (*run >= s->runs.count) return bad_runs;
    const uint32_t coded = s->runs.at[(*run)++];
    const int length = (int)(coded & 255);
    const size_t row = coded >> 8;
    if (length == 0 || length > count - done) return bad_runs;
    if ((size_t)s->actions + 1 > s->patterns.count || row > s->patterns.count - (size_t)s->actions - 1) return bad_rows;
    const uint32_t *offset = s->patterns.at + row;
    const uint32_t origin = 8 * (uint32_t)(from + done);
    for (int action = 0; action < s->actions; action++) {
      const size_t first = offset[action], last = offset[action + 1];
      if (!are_there(s, first, last)) return bad_rows;
      double *sums = s->terms + (size_t)action * s->stride + done;
      const double *prob = s->probs.at + first;
      size_t entry = first;
      do {
        const int entries = last - entry < 4 ? (int)(last - entry) : 4;
        const double *x[4];
        for (int e = 0; e < entries; e++) {
          const uint32_t address = s->columns.at[entry + (size_t)e] + origin;
          if ((size_t)address + sizeof(double) * (size_t)length > s->size || address % sizeof(double) != 0) return bad_columns;
          x[e] = (const double *)(s->memory + address);
        }
        const bool start = entry == first;
        if (entries == 4) add_run(sums, length, start, 4, prob, x);
        else if (entries == 3) add_run(sums, length, start, 3, prob, x);
        else if (entries == 2) add_run(sums, length, start, 2, prob, x);
        else if (entries == 1) add_run(sums, length, start, 1, prob, x);
        else add_run(sums, length, start, 0, prob, x);
        entry += (size_t)entries;
        prob += entries;
      } while (entry < last);
    }
    done += length;
  }
  return NULL;
}

/** Where the rewards of a state are, in groups of `rows` for each state. */
INLINE const double *rewards_of(const struct sweep *s, int state, int rows) {
  return s->rewards + (size_t)(state / GROUP) * (size_t)rows * GROUP + state % GROUP;
}

/** Replaces the sums of LANES states from `state` on by reward + discount sum; returns the largest. */
INLINE v add_rewards(const struct sweep *s, double *sums, int state) {
  const double *reward = rewards_of(s, state, s->actions);
  v most = v_splat(-INFINITY);
  for (int action = 0; action < s->actions; action++, sums += s->stride, reward += GROUP) {
    const v term = v_load(reward) + v_splat(s->discount) * v_load(sums);
    v_store(sums, term);
    most = s->hard && action > 0 ? v_max(most, term) : action > 0 ? v_larger(most, term) : term;
  }
  return most;
}

/** temperature log sum over actions of exp(term / temperature), plus `shift`. */
INLINE v soft_maximum(const struct sweep *s, const double *terms, v most) {
  const double *tables = (const double *)s->memory;
  const v inverse = v_splat(1 / s->temperature);
  v highest = v_load(terms);
  v sum = v_splat(1);
  for (int action = 1; action < s->actions; action++) {
    const v value = v_load(terms + (size_t)action * s->stride);
    const v lower = v_smaller(highest, value);
    highest = v_larger(highest, value);
    sum = sum + table_exp(tables, v_larger((lower - most) * inverse, v_splat(LEAST_EXPONENT)));
  }
  const v soft = most + v_splat(s->temperature) * log_of_sum(tables, sum);
  const v value = v_if_equal(most, v_splat(-INFINITY), most, soft);
  return s->shift == 0 ? value : value + v_splat(s->shift);
}

/** Replaces values by exp((value - maximum) inverse), and by 0 for -Infinity. */
static void weigh(const double *tables, double *values, int count, double maximum, double inverse) {
  for (int i = 0; i < count; i += LANES) {
    const v value = v_load_up_to(values + i, count - i);
    const v x = (value - v_splat(maximum)) * v_splat(inverse);
    const v weight = table_exp(tables, v_larger(x, v_splat(-700)));
    v_store_up_to(values + i, v_if_equal(value, v_splat(-INFINITY), v_splat(0), weight), count - i);
  }
}

/** The exact values of LANES states from `state` on, of which `count` are there. */
INLINE v exact_values(const struct sweep *s, const double *sums, int state, int count) {
  const double *reward = rewards_of(s, state, s->actions + 1);
  v sum = v_splat(0);
  for (int action = 0; action < s->actions; action++, sums += s->stride, reward += GROUP) {
    sum = sum + v_load(reward) * (v_splat(s->discount) * v_load(sums) + v_splat(s->end));
  }
  const v most = v_load(reward);
  const v logs = v_splat(s->maximum) + v_splat(s->temperature) * wide_log((const double *)s->memory, sum);
  v value = most + logs;
  if (s->shift != 0) value = value + v_splat(s->shift);
  value = v_if_equal(most, v_splat(-INFINITY), most, value);
  for (int i = 0; i < LANES && i < count; i++) {
    const bool in_range = sum[i] > SAFE_SUM && sum[i] < INFINITY;
    if (!in_range && most[i] != -INFINITY) value[i] = s->exact_value(s->context, state + i);
  }
  return value;
}

/** Values of LANES states from `state` on, of which `count` are there, given the sums of their rows. */
INLINE v values_of(const struct sweep *s, double *sums, int state, int count) {
  if (s->exact) return exact_values(s, sums, state, count);
  const v most = add_rewards(s, sums, state);
  return s->hard ? most : soft_maximum(s, sums, most);
}

static const char *sweep(const struct sweep *s) {
  size_t row = 0, run = 0;
  const uint8_t *kind = s->kinds;
  for (int from = 0; from < s->states; from += s->block, kind++) {
    const int count = s->states - from < s->block ? s->states - from : s->block;
    const char *problem;
    if (*kind == RUNS) {
      problem = expectations_of_runs(s, &run, from, count);
    } else {
      if (*kind == 1) problem = expectations(s, row, count, 1);
      else if (*kind == 2) problem = expectations(s, row, count, 2);
      else if (*kind == 3) problem = expectations(s, row, count, 3);
      else if (*kind == 4) problem = expectations(s, row, count, 4);
      else problem = expectations(s, row, count, 0);
      row += (size_t)count * (size_t)s->actions;
    }
    if (problem != NULL) return problem;
    for (int i = 0; i < count; i += LANES) {
      v_store_up_to(s->out + from + i, values_of(s, s->terms + i, from + i, count - i), count - i);
    }
  }
  return NULL;
}

#endif
