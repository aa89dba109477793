#include "sys/unblocking.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace pidns {
namespace {

long result_of(ssize_t result) noexcept { return result >= 0 ? result : errno == EINTR ? -EAGAIN : -errno; }

}  // namespace

void Unblocking::open(int descriptor, int direction) noexcept {
  close();
  struct stat status {};
  if (::fstat(descriptor, &status) < 0) return;
  polled_ = descriptor;
  way_ = S_ISSOCK(status.st_mode) ? Way::socket : Way::plain;
  if (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) return;
  way_ = Way::asked;
  char path[32];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  const int own = ::open(path, direction | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own < 0) return;
  polled_ = own;
  way_ = Way::own;
}

void Unblocking::close() noexcept {
  if (way_ == Way::own && polled_ >= 0) ::close(polled_);
  polled_ = -1;
}

bool Unblocking::is_ready(short events) const noexcept {
  pollfd look{polled_, events, 0};
  return ::poll(&look, 1, 0) == 1;
}

long Unblocking::read(void* data, std::size_t size) noexcept {
  if (polled_ < 0) return -EBADF;
  if (way_ == Way::socket) return result_of(::recv(polled_, data, size, MSG_DONTWAIT));
  if (way_ == Way::asked && !is_ready(POLLIN)) return -EAGAIN;
  return result_of(::read(polled_, data, size));
}

long Unblocking::write(const void* data, std::size_t size) noexcept {
  if (polled_ < 0) return -EBADF;
  if (way_ == Way::socket) return result_of(::send(polled_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL));
  if (way_ != Way::asked) return result_of(::write(polled_, data, size));
  // A pipe that is ready takes a page: pipe(7). Of a terminal that is not known.
  constexpr std::size_t little = 512;
  if (!is_ready(POLLOUT)) return -EAGAIN;
  return result_of(::write(polled_, data, std::min(size, little)));
}

}  // namespace pidns
