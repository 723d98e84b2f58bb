// load KIND DEVICE BLOCK DEPTH MILLISECONDS: direct I/O by DEPTH processes for so long; prints blocks and nanoseconds.
// KIND: write and read take the blocks in order, randwrite as dice say.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int die(const char *what) {
  perror(what);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  const int reads = !strcmp(argv[1], "read"), random = !strcmp(argv[1], "randwrite");
  const long block = atol(argv[3]), depth = atol(argv[4]);
  const long long length = atol(argv[5]) * 1000000LL;
  // Shared: the next block in order, and how many are done.
  long *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return die("mmap");
  const long long start = now();
  for (long i = 0; i < depth; i++) {
    if (fork()) continue;
    const int fd = open(argv[2], O_RDWR | O_DIRECT);
    if (fd < 0) _exit(die(argv[2]));
    const long blocks = lseek(fd, 0, SEEK_END) / block;
    char *buffer;
    if (posix_memalign((void **)&buffer, 4096, block)) _exit(1);
    memset(buffer, (int)i + 1, block);
    unsigned dice = 2463534242u + 77777u * i;
    while (now() - start < length) {
      dice ^= dice << 13, dice ^= dice >> 17, dice ^= dice << 5;
      const long at = random ? dice % blocks : __sync_fetch_and_add(&shared[0], 1) % blocks;
      const long moved = reads ? pread(fd, buffer, block, at * block) : pwrite(fd, buffer, block, at * block);
      if (moved != block) _exit(die("transfer"));
      __sync_fetch_and_add(&shared[8], 1);
    }
    _exit(0);
  }
  int bad = 0, status;
  while (wait(&status) > 0) bad |= status;
  printf("%ld %lld\n", shared[8], now() - start);
  return bad != 0;
}
