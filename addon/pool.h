// A few threads that do parts of one job at a time. Between jobs they spin for some microseconds, because the next job
// of a gradient step is usually that near, and then sleep.
#ifndef MAXENT_POOL_H
#define MAXENT_POOL_H

typedef void (*pool_work)(const void *job, int from, int to);

struct pool;

/** `threads` counts the caller's too; fewer run where the system refuses to start them. NULL if memory is short. */
struct pool *pool_open(int threads);
/** Waits for the threads to end. */
void pool_close(struct pool *);
int pool_threads(const struct pool *);

/**
 * Does `work` on units 0 to `count` in pieces of `grain` units, on the calling thread and on whatever others are free in
 * time; returns when all is done. One caller at a time.
 */
void pool_run(struct pool *, pool_work, const void *job, int count, int grain);

#endif
