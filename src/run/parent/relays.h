#pragma once

/// What commands write to pipes of ours, carried on to where it would have gone without them.

#include <poll.h>

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "plan/graph.h"
#include "sys/unblocking.h"
#include "sys/unique_fd.h"

namespace pidns {

/// A pipe for each stream that is relayed. Nothing here waits: whoever has it polls `sources()` and calls
/// `pump()`. Where the caller does not take what comes, nothing more is read, and the command waits as it
/// would at a pipe of its own; where the caller's end is gone, so is the command's. So with each other
/// outlet. SIGPIPE must be blocked or ignored.
class Relays {
 public:
  /// How what a stream says is carried on.
  struct Style {
    std::string prefix;  ///< Before each line, which comes whole; without: unchanged.
    int log = -1;        ///< A file for it, too; not owned.
  };
  /// Hears each piece as it comes, when it has been carried on where it can be: a process, and what it wrote.
  using Hearer = void (*)(void* self, ProcessId process, std::string_view text);

  Relays();
  Relays(const Relays&) = delete;
  Relays& operator=(const Relays&) = delete;

  void hear(Hearer hearer, void* self) noexcept { hearer_ = hearer, self_ = self; }

  /// Where what is carried on goes. Two streams with one outlet should share a pipe: that keeps the order.
  using OutletNumber = std::size_t;
  /// The caller's own, for `descriptor` 1 or 2: the same for both where they are one thing.
  [[nodiscard]] OutletNumber standard(int descriptor) const noexcept;
  /// Of an open file, whose order and place are its own: the same for all that are open for one file.
  OutletNumber file(UniqueFd file);
  /// A pipe for a process. Its end for the command, which is the caller's to close; or a negated errno.
  int add(ProcessId process, OutletNumber outlet, Style style);

  /// Appends what poll(2) is to wait for. Entries that are not waited for have -1.
  void sources(std::vector<pollfd>& set);
  /// `first` is where the entries of the last `sources()` stand, after poll(2).
  void pump(const pollfd* first);
  /// What a process that has ended left in its pipes, as far as it was heard: others may write on.
  void hear_rest_of(ProcessId process);
  /// All that stands in the pipes by now, to its end where that has come; a last line without an end
  /// gets one. For when all that could write is gone.
  void finish();
  /// Something has not been taken by the caller yet.
  [[nodiscard]] bool has_output() const noexcept;

  /// While a terminal is raw, a line that ends in it needs a carriage return, too.
  bool raw_terminal = false;

 private:
  struct Inlet {
    UniqueFd pipe;
    ProcessId process;
    OutletNumber outlet;
    Style style;
    std::string line;  ///< What has come of it.
  };
  struct Outlet {
    UniqueFd file;  ///< None for the caller's own.
    Unblocking stream;
    std::string pending;
    bool is_terminal = false;
  };

  /// Once; false at its end, or where nothing stands there.
  bool read(Inlet& inlet);
  void take(Inlet& inlet, std::string_view text);
  void put_line(Inlet& inlet, std::string_view line);
  void close(Inlet& inlet);
  void write(OutletNumber number);

  std::vector<Inlet> inlets_;
  std::vector<std::size_t> polled_;
  std::deque<Outlet> outlets_;  ///< First the caller's standard output and error.
  bool one_outlet_ = false;
  Hearer hearer_ = nullptr;
  void* self_ = nullptr;
};

}  // namespace pidns
