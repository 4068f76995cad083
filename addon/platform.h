// Threads, and a counter that they can sleep on until it is raised, on Linux, other POSIX systems and Windows.
#ifndef MAXENT_PLATFORM_H
#define MAXENT_PLATFORM_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
static inline void pause_thread(void) { _mm_pause(); }
#else
static inline void pause_thread(void) { __asm__ volatile("yield"); }
#endif

struct thread_start {
  void (*run)(void *);
  void *argument;
};

#if defined(_WIN32)
#include <windows.h>

struct thread { HANDLE handle; };

static DWORD WINAPI thread_main(void *start) {
  struct thread_start copy = *(struct thread_start *)start;
  free(start);
  copy.run(copy.argument);
  return 0;
}

static inline bool thread_create(struct thread *thread, struct thread_start *start) {
  thread->handle = CreateThread(NULL, 0, thread_main, start, 0, NULL);
  return thread->handle != NULL;
}
static inline void thread_join(struct thread *thread) {
  WaitForSingleObject(thread->handle, INFINITE);
  CloseHandle(thread->handle);
}
static inline void yield_thread(void) { SwitchToThread(); }
#else
#include <pthread.h>
#include <sched.h>

struct thread { pthread_t handle; };

static void *thread_main(void *start) {
  struct thread_start copy = *(struct thread_start *)start;
  free(start);
  copy.run(copy.argument);
  return NULL;
}

static inline bool thread_create(struct thread *thread, struct thread_start *start) {
  return pthread_create(&thread->handle, NULL, thread_main, start) == 0;
}
static inline void thread_join(struct thread *thread) { pthread_join(thread->handle, NULL); }
static inline void yield_thread(void) { sched_yield(); }
#endif

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

// Not a condition variable: glibc has two versions of it, and which one a library gets that names none is not ours to say.
struct counter { atomic_int value; };

static inline void counter_open(struct counter *counter) { atomic_init(&counter->value, 0); }
static inline void counter_close(struct counter *counter) { (void)counter; }
static inline int counter_read(struct counter *counter) { return atomic_load(&counter->value); }
/** Returns once the counter may have another value than `seen`. */
static inline void counter_wait(struct counter *counter, int seen) {
  syscall(SYS_futex, &counter->value, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}
static inline void counter_raise(struct counter *counter) {
  atomic_fetch_add(&counter->value, 1);
  syscall(SYS_futex, &counter->value, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
#elif defined(_WIN32)
struct counter { SRWLOCK lock; CONDITION_VARIABLE changed; int value; };

static inline void counter_open(struct counter *counter) {
  InitializeSRWLock(&counter->lock);
  InitializeConditionVariable(&counter->changed);
  counter->value = 0;
}
static inline void counter_close(struct counter *counter) { (void)counter; }
static inline int counter_read(struct counter *counter) {
  AcquireSRWLockExclusive(&counter->lock);
  const int value = counter->value;
  ReleaseSRWLockExclusive(&counter->lock);
  return value;
}
static inline void counter_wait(struct counter *counter, int seen) {
  AcquireSRWLockExclusive(&counter->lock);
  while (counter->value == seen) SleepConditionVariableSRW(&counter->changed, &counter->lock, INFINITE, 0);
  ReleaseSRWLockExclusive(&counter->lock);
}
static inline void counter_raise(struct counter *counter) {
  AcquireSRWLockExclusive(&counter->lock);
  counter->value++;
  ReleaseSRWLockExclusive(&counter->lock);
  WakeAllConditionVariable(&counter->changed);
}
#else
struct counter { pthread_mutex_t lock; pthread_cond_t changed; int value; };

static inline void counter_open(struct counter *counter) {
  pthread_mutex_init(&counter->lock, NULL);
  pthread_cond_init(&counter->changed, NULL);
  counter->value = 0;
}
static inline void counter_close(struct counter *counter) {
  pthread_cond_destroy(&counter->changed);
  pthread_mutex_destroy(&counter->lock);
}
static inline int counter_read(struct counter *counter) {
  pthread_mutex_lock(&counter->lock);
  const int value = counter->value;
  pthread_mutex_unlock(&counter->lock);
  return value;
}
static inline void counter_wait(struct counter *counter, int seen) {
  pthread_mutex_lock(&counter->lock);
  while (counter->value == seen) pthread_cond_wait(&counter->changed, &counter->lock);
  pthread_mutex_unlock(&counter->lock);
}
static inline void counter_raise(struct counter *counter) {
  pthread_mutex_lock(&counter->lock);
  counter->value++;
  pthread_mutex_unlock(&counter->lock);
  pthread_cond_broadcast(&counter->changed);
}
#endif

/** Whether a thread could be started that calls `run` with `argument`. */
static inline bool thread_start(struct thread *thread, void (*run)(void *), void *argument) {
  struct thread_start *start = malloc(sizeof *start);
  if (start == NULL) return false;
  *start = (struct thread_start){run, argument};
  if (thread_create(thread, start)) return true;
  free(start);
  return false;
}

#endif
