/* Preloaded into a process of a campaign: its clock is wrong, its disk is slow, it finds no name, by what stands in a file.

   The file is mapped: { int64 ahead_ns, slow_us, strobe_ns, no_names }. With strobe_ns the clock is wrong for so long, right
   for so long, and so on. Without names getaddrinfo fails, for addresses too. Only CLOCK_REALTIME is wrong, as when somebody sets a machine's
   clock: monotonic time goes on, and who waits for a moment of the wall clock waits for it on the wrong one. Slow is each
   write and sync of a file; sockets and pipes are not. Source: POSIX clock_gettime(2), pthread_cond_timedwait(3). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define NS 1000000000LL
#define A_WALL_CLOCK 1000000000LL /* seconds: what a clock since the start of a machine does not reach */
#define SLICE_NS 50000000LL       /* how soon a waiter sees that the clock was set */

#define TOLD 4

static volatile int64_t nothing[TOLD];
static volatile int64_t *told = nothing;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CHAOS_SHIM");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, TOLD * sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) told = found;
    close(file);
}

static void add(struct timespec *at, int64_t ns) {
    int64_t all = at->tv_sec * NS + at->tv_nsec + ns;
    at->tv_sec = all / NS;
    at->tv_nsec = all % NS;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int true_time(clockid_t clock, struct timespec *at) {
    REAL(clock_gettime);
    return real(clock, at);
}

static int64_t ahead(void) {
    struct timespec at;
    int64_t strobe = told[2];
    if (!told[0] || !strobe || true_time(CLOCK_MONOTONIC, &at)) return told[0];
    return (at.tv_sec * NS + at.tv_nsec) / strobe % 2 ? told[0] : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int failed = true_time(clock, at);
    if (!failed && told[0] && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) add(at, ahead());
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    (void)zone;
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    if (!failed) at->tv_sec = now.tv_sec, at->tv_usec = now.tv_nsec / 1000;
    return failed;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return at ? (*at = now.tv_sec) : now.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t *restrict met, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    static __typeof__(pthread_cond_timedwait) *real;
    if (!real) real = (__typeof__(real))dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2"); /* x86 has an older one */
    if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    if (until->tv_sec < A_WALL_CLOCK) return real(met, mutex, until);
    for (;;) {
        struct timespec now, true_until = *until;
        int64_t wrong = ahead();
        true_time(CLOCK_REALTIME, &now);
        add(&now, wrong);
        int64_t left = (until->tv_sec - now.tv_sec) * NS + until->tv_nsec - now.tv_nsec;
        add(&true_until, (left > SLICE_NS ? SLICE_NS - left : 0) - wrong);
        int failed = real(met, mutex, &true_until);
        if (failed != ETIMEDOUT || left <= SLICE_NS) return failed;
    }
}

int timespec_get(struct timespec *at, int base) { return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, at) ? base : 0; }

int cnd_timedwait(cnd_t *restrict met, mtx_t *restrict mutex, const struct timespec *restrict until) {
    int failed = pthread_cond_timedwait((pthread_cond_t *)met, (pthread_mutex_t *)mutex, until); /* glibc's are the same */
    return !failed ? thrd_success : failed == ETIMEDOUT ? thrd_timedout : thrd_error;
}

static void slow(int file) {
    struct stat about;
    int64_t us = told[1];
    if (!us) return;
    int before = errno;
    if (!fstat(file, &about) && S_ISREG(about.st_mode)) {
        struct timespec pause = {us / 1000000, us % 1000000 * 1000};
        nanosleep(&pause, NULL);
    }
    errno = before;
}

ssize_t write(int file, const void *from, size_t size) { REAL(write); slow(file); return real(file, from, size); }
ssize_t pwrite(int file, const void *from, size_t size, off_t at) { REAL(pwrite); slow(file); return real(file, from, size, at); }
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) { REAL(pwrite64); slow(file); return real(file, from, size, at); }
ssize_t writev(int file, const struct iovec *from, int parts) { REAL(writev); slow(file); return real(file, from, parts); }
int fsync(int file) { REAL(fsync); slow(file); return real(file); }
int fdatasync(int file) { REAL(fdatasync); slow(file); return real(file); }

int getaddrinfo(const char *restrict node, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found) {
    REAL(getaddrinfo);
    return node && told[3] ? EAI_AGAIN : real(node, service, hints, found);
}
