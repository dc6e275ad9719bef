/*
 * The floor below Node: the same paced sender as floor-node.mjs, in C, with one write(2) a frame.
 *   cc -O2 -o floor floor.c && ./floor PORT STREAMS FRAME_MS SECONDS FRAME_BYTES
 * Prints one line of JSON: lateness in ms, CPU in seconds, frames that the socket did not take.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static int upgraded(int port) {
  static const char request[] =
      "GET / HTTP/1.1\r\nHost: sink\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  char answer[1024];
  int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return -1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (write(fd, request, sizeof request - 1) < 0 || read(fd, answer, sizeof answer) <= 0) return -1;
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

int main(int count, char **words) {
  if (count != 6) return fputs("usage: floor PORT STREAMS FRAME_MS SECONDS FRAME_BYTES\n", stderr), 2;
  int port = atoi(words[1]), streams = atoi(words[2]), bytes = atoi(words[5]);
  double frame_ms = atof(words[3]), seconds = atof(words[4]);
  long ticks = (long)(seconds * 1000 / frame_ms), total = ticks * streams, lost = 0;
  int *sockets = malloc(streams * sizeof *sockets);
  float *late = malloc(total * sizeof *late);
  char *frame = malloc(bytes);
  for (int i = 0; i < streams; i++)
    if ((sockets[i] = upgraded(port)) < 0) return perror("connect"), 1;
  memset(frame, 'A', bytes);
  memcpy(frame, (char[]){(char)0x81, (char)(0x80 | 126), (char)((bytes - 8) >> 8), (char)(bytes - 8), 0, 0, 0, 0}, 8);

  double before = cpu_seconds(), step_ns = frame_ms * 1e6 / streams;
  int64_t start = now_ns() + 100000000LL;
  for (long k = 0; k < total; k++) {
    int64_t due = start + (int64_t)(k * step_ns);
    /* Frames may leave half a millisecond early: a sleep for each of them would be all that is measured. */
    if (due - now_ns() > 500000) {
      struct timespec until = {due / 1000000000LL, due % 1000000000LL};
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    if (write(sockets[k % streams], frame, bytes) != bytes) lost++;
    late[k] = (now_ns() - due) / 1e6f;
  }
  double cpu = cpu_seconds() - before;
  qsort(late, total, sizeof *late, by_size);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,\"cpuSeconds\":%.4f,\"cpuFrames\":%ld,\"lost\":%ld,\"rssMb\":%.1f}\n", late[total / 2],
         late[total * 99 / 100], late[total - 1], cpu, total, lost, usage.ru_maxrss / 1024.0);
  return 0;
}
