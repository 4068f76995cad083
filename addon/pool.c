#include "pool.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "platform.h"

/** About 50 microseconds. */
#define SPINS 2000

struct pool {
  /**
   * Number of the job (32 bits), its pieces (16), pieces claimed (16). A piece is claimed by counting it here, which
   * fails for a job that is over: a thread that comes late finds nothing and touches nothing.
   */
  atomic_uint_fast64_t ticket;
  atomic_int finished;
  atomic_int sleeping;
  atomic_bool closing;
  pool_work work;
  const void *job;
  int count, grain;
  /** Raised for each job that comes while somebody sleeps. */
  struct counter calls;
  int helpers;
  struct thread threads[];
};

#define PIECES(ticket) ((int)((ticket) >> 16 & 0xffff))
#define CLAIMED(ticket) ((int)((ticket)&0xffff))

/** Claims pieces and does them until none is left. */
static void help(struct pool *pool) {
  uint_fast64_t ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
  while (CLAIMED(ticket) < PIECES(ticket)) {
    if (!atomic_compare_exchange_weak_explicit(
          &pool->ticket, &ticket, ticket + 1, memory_order_acq_rel, memory_order_acquire
        )) {
      continue;
    }
    const int from = CLAIMED(ticket) * pool->grain;
    const int to = from + pool->grain < pool->count ? from + pool->grain : pool->count;
    pool->work(pool->job, from, to);
    atomic_fetch_add_explicit(&pool->finished, 1, memory_order_release);
    ticket = atomic_load_explicit(&pool->ticket, memory_order_acquire);
  }
}

static bool idle(struct pool *pool) {
  const uint_fast64_t ticket = atomic_load(&pool->ticket);
  return CLAIMED(ticket) >= PIECES(ticket) && !atomic_load(&pool->closing);
}

static void run_helper(void *argument) {
  struct pool *pool = argument;
  while (!atomic_load(&pool->closing)) {
    help(pool);
    for (int i = 0; i < SPINS && idle(pool); i++) pause_thread();
    if (!idle(pool)) continue;
    const int calls = counter_read(&pool->calls);
    atomic_fetch_add(&pool->sleeping, 1);
    // The caller publishes a job before it looks for sleepers, so that one of both sees the other.
    if (idle(pool)) counter_wait(&pool->calls, calls);
    atomic_fetch_sub(&pool->sleeping, 1);
  }
}

struct pool *pool_open(int threads) {
  struct pool *pool = calloc(1, sizeof(struct pool) + sizeof(struct thread) * (size_t)threads);
  if (pool == NULL) return NULL;
  counter_open(&pool->calls);
  while (pool->helpers < threads - 1 && thread_start(&pool->threads[pool->helpers], run_helper, pool)) pool->helpers++;
  return pool;
}

void pool_close(struct pool *pool) {
  atomic_store(&pool->closing, true);
  counter_raise(&pool->calls);
  for (int i = 0; i < pool->helpers; i++) thread_join(&pool->threads[i]);
  counter_close(&pool->calls);
  free(pool);
}

int pool_threads(const struct pool *pool) { return pool->helpers + 1; }

void pool_run(struct pool *pool, pool_work work, const void *job, int count, int grain) {
  if (pool->helpers == 0 || count <= grain) {
    work(job, 0, count);
    return;
  }
  // Pieces are counted in 16 bits.
  const int least = count / 0xffff + 1;
  if (grain < least) grain = least;
  const uint_fast64_t pieces = (uint_fast64_t)((count - 1) / grain + 1);
  pool->work = work;
  pool->job = job;
  pool->count = count;
  pool->grain = grain;
  atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
  const uint_fast64_t number = (atomic_load_explicit(&pool->ticket, memory_order_relaxed) >> 32) + 1;
  atomic_store(&pool->ticket, number << 32 | pieces << 16);
  if (atomic_load(&pool->sleeping) > 0) counter_raise(&pool->calls);
  help(pool);
  for (int spins = 0; atomic_load_explicit(&pool->finished, memory_order_acquire) < (int)pieces; spins++) {
    if (spins < SPINS) pause_thread();
    else yield_thread();
  }
}
