#pragma once

/// A pseudo-terminal for one command, relayed to the caller's terminal as ssh(1) does it: what is typed
/// goes in as it is, what is written comes out as it is, and whatever a terminal does with lines, ^C and
/// ^Z is done by the one inside. See pty(7), termios(3), ioctl_tty(2).

#include <poll.h>
#include <termios.h>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "plan/graph.h"
#include "sys/unblocking.h"

namespace pidns {

/// A terminal in raw mode, for as long as this wants it. The modes are given back when it goes.
class RawMode {
 public:
  RawMode() = default;
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
  ~RawMode() { leave(); }

  /// As each program that sets modes: who does so in the background is stopped, with its process group,
  /// until it is put into the foreground (SIGTTOU). False where `terminal` is none, or the kernel refuses,
  /// or it is told to end there, by a signal that has not been heard yet.
  bool enter(int terminal) noexcept;
  /// Back to the modes of before, unless somebody else has the terminal now.
  void leave() noexcept;
  [[nodiscard]] bool is_on() const noexcept { return terminal_ >= 0; }

 private:
  int terminal_ = -1;
  termios before_{};
};

/// The pair, and what goes to and fro. It never waits: whoever has it polls `sources()`, and calls
/// `pump()` when there is news. SIGPIPE must be blocked or ignored.
class PtyRelay {
 public:
  PtyRelay() = default;
  PtyRelay(const PtyRelay&) = delete;
  PtyRelay& operator=(const PtyRelay&) = delete;
  ~PtyRelay();

  /// Makes the pair in the caller's devpts, with modes and size of the caller's terminal, where one of
  /// 0, 1 and 2 is one. 0 or an errno.
  int open() noexcept;
  /// For the command: setsid(2), TIOCSCTTY, and as its 0, 1 and 2. This keeps it open too, so that the
  /// relay sees an end only where the session's leader has ended.
  [[nodiscard]] int slave() const noexcept { return slave_; }

  /// Hears each piece that was written, as it comes.
  using Hearer = void (*)(void* self, ProcessId process, std::string_view text);
  void hear(Hearer hearer, void* self, ProcessId process) noexcept {
    hearer_ = hearer, self_ = self, process_ = process;
  }

  /// The command runs: the caller's terminal becomes raw, and its input goes in.
  void begin() noexcept;
  /// The command has ended: the caller has the terminal again. What was written goes on coming out.
  void end() noexcept;
  /// Before pidns stops, and when it goes on: in the background only to be stopped again, unless it `ends`.
  void suspend() noexcept { raw_.leave(); }
  void resume(bool ends = false) noexcept;
  /// The caller's terminal has another size: SIGWINCH.
  void take_size() noexcept;

  static constexpr std::size_t sources_count = 3;
  /// What poll(2) is to wait for, into `sources_count` entries; those without a descriptor have -1.
  void sources(pollfd* set) const noexcept;
  void sources(std::vector<pollfd>& set) const {
    set.resize(set.size() + sources_count);
    sources(set.data() + set.size() - sources_count);
  }
  /// Both directions, as far as it goes without waiting.
  void pump() noexcept;
  /// When to pump though nothing was heard: milliseconds, or -1.
  [[nodiscard]] int pause() const noexcept;
  /// Something was written that has not come out yet.
  [[nodiscard]] bool has_output() const noexcept;
  /// Nobody takes the output any more, and so the terminal was hung up.
  [[nodiscard]] bool is_hung_up() const noexcept { return hung_up_; }
  [[nodiscard]] bool is_raw() const noexcept { return raw_.is_on(); }

 private:
  /// What has been read and not yet written.
  struct Pending {
    std::array<char, 16384> data;
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] bool empty() const noexcept { return begin == end; }
  };

  bool take_input() noexcept;
  bool give_input() noexcept;
  bool take_output() noexcept;
  bool give_output() noexcept;
  void offer_end_of_file() noexcept;
  void hang_up() noexcept;

  int master_ = -1;
  int slave_ = -1;
  int sized_by_ = -1;  ///< The one of 0, 1 and 2 that is a terminal.
  bool reads_ = false;
  bool input_ended_ = false;
  bool raw_has_had_end_ = false;  ///< Of input, since the command reads key by key.
  bool output_ended_ = false;     ///< Nothing more can come.
  bool hung_up_ = false;
  Hearer hearer_ = nullptr;
  void* self_ = nullptr;
  ProcessId process_ = no_process;
  RawMode raw_;
  Unblocking input_;
  Unblocking output_;
  Pending in_;
  Pending out_;
};

}  // namespace pidns
