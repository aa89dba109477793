#pragma once

#include <cstddef>
#include <cstdint>

namespace pidns {

/// One end of a stream that others hold too, read or written without ever waiting for them. O_NONBLOCK
/// belongs to the open file that all holders share, open(2): set on a caller's terminal or pipe it would
/// break the caller. So a pipe or a terminal is opened once more, where /proc and its modes allow that;
/// else poll(2) is asked first, and little is written at a time.
class Unblocking {
 public:
  Unblocking() = default;
  Unblocking(const Unblocking&) = delete;
  Unblocking& operator=(const Unblocking&) = delete;
  ~Unblocking() { close(); }

  /// `direction` is O_RDONLY or O_WRONLY. `descriptor` stays the caller's to close, and must outlive this.
  void open(int descriptor, int direction) noexcept;
  /// Takes nothing and gives nothing any more.
  void close() noexcept;

  [[nodiscard]] bool is_open() const noexcept { return polled_ >= 0; }
  /// For poll(2); -1, which that passes over, once closed.
  [[nodiscard]] int descriptor() const noexcept { return polled_; }

  /// Bytes, 0 at the end, or a negated errno: -EAGAIN where it would wait.
  long read(void* data, std::size_t size) noexcept;
  /// Bytes, perhaps fewer than `size`, or a negated errno. SIGPIPE must be blocked or ignored.
  long write(const void* data, std::size_t size) noexcept;

 private:
  enum class Way : std::uint8_t {
    plain,   ///< A file: never waits for anybody.
    socket,  ///< MSG_DONTWAIT.
    own,     ///< An open file of our own, with O_NONBLOCK.
    asked,   ///< poll(2) first.
  };
  [[nodiscard]] bool is_ready(short events) const noexcept;

  int polled_ = -1;
  Way way_ = Way::plain;
};

}  // namespace pidns
