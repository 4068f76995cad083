// Picking out rows of a matrix, and putting them back: ../assembly/rows.ts.
#ifndef MAXENT_ROW_CALLS_H
#define MAXENT_ROW_CALLS_H

#include <string.h>

#include "blocks.h"

static napi_value nonzero_rows(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "nonzeroRows", 4)) return NULL;
  const int rows = count_of(&c, 2), columns = count_of(&c, 3);
  const float *matrix = block(&c, 0, rows, columns);
  int32_t *numbers = block(&c, 1, rows, 1);
  if (c.failed) return NULL;
  int found = 0;
  for (int row = 0; row < rows; row++) {
    const float *values = matrix + (size_t)row * columns;
    for (int column = 0; column < columns; column++) {
      // True for NaN too.
      if (values[column] != 0) {
        numbers[found++] = row;
        break;
      }
    }
  }
  napi_value result;
  napi_create_int32(env, found, &result);
  return result;
}

/** Row numbers; each must be the number of a row that lies in the memory after `matrix`. */
static const int32_t *row_numbers(struct call *c, int index, int count, const void *matrix, int columns) {
  const int32_t *numbers = block(c, index, count, 1);
  if (c->failed || columns == 0) return numbers;
  const uint64_t rows = (uint64_t)(c->memory + c->size - (const uint8_t *)matrix) / 4 / (uint64_t)columns;
  for (int i = 0; i < count; i++) {
    if (numbers[i] >= 0 && (uint64_t)numbers[i] < rows) continue;
    char message[128];
    snprintf(message, sizeof message, "%s: row number %d does not lie in the memory", c->name, numbers[i]);
    fail(c, message);
    break;
  }
  return numbers;
}

static napi_value gather_rows(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "gatherRows", 5)) return NULL;
  const int count = count_of(&c, 3), columns = count_of(&c, 4);
  const float *matrix = block(&c, 0, 0, 0);
  const int32_t *numbers = row_numbers(&c, 1, count, matrix, columns);
  float *out = block(&c, 2, count, columns);
  if (c.failed) return NULL;
  for (int i = 0; i < count; i++) {
    memcpy(out + (size_t)i * columns, matrix + (size_t)numbers[i] * columns, sizeof(float) * (size_t)columns);
  }
  return undefined(&c);
}

static napi_value add_to_rows(napi_env env, napi_callback_info info) {
  struct call c;
  if (!begin(&c, env, info, "addToRows", 5)) return NULL;
  const int count = count_of(&c, 3);
  struct picked_rows p = {.columns = count_of(&c, 4)};
  p.from = block(&c, 0, count, p.columns);
  p.to = block(&c, 2, 0, 0);
  p.numbers = row_numbers(&c, 1, count, p.to, p.columns);
  // On one thread: a row may be named twice.
  if (!c.failed) c.kernels->add_to_rows(&p, 0, count);
  return undefined(&c);
}

#endif
