#include "run/parent/relays.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pidns {
namespace {

constexpr std::size_t longest_line = 8192;
constexpr std::size_t most_pending = 65536;

bool are_same(int one, int other) {
  struct stat first {};
  struct stat second {};
  return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

bool is_unchanged(const Relays::Style& style) { return style.prefix.empty(); }

/// A log on a full disk is not worth the run.
void write_log(int log, std::string_view text) {
  while (log >= 0 && !text.empty()) {
    const ssize_t size = ::write(log, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace

Relays::Relays() {
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    Outlet& outlet = outlets_.emplace_back();
    outlet.stream.open(descriptor, O_WRONLY);
    outlet.is_terminal = ::isatty(descriptor) == 1;
  }
  one_outlet_ = are_same(STDOUT_FILENO, STDERR_FILENO);
}

Relays::OutletNumber Relays::standard(int descriptor) const noexcept {
  return one_outlet_ || descriptor == STDOUT_FILENO ? 0 : 1;
}

Relays::OutletNumber Relays::file(UniqueFd file) {
  for (OutletNumber number = 2; number < outlets_.size(); ++number)
    if (outlets_[number].file && are_same(outlets_[number].file.get(), file.get())) return number;
  Outlet& outlet = outlets_.emplace_back();
  outlet.file = std::move(file);
  outlet.stream.open(outlet.file.get(), O_WRONLY);
  return outlets_.size() - 1;
}

int Relays::add(ProcessId process, OutletNumber outlet, Style style) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return -errno;
  Inlet inlet{UniqueFd(ends[0]), process, outlet, std::move(style), {}};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  inlets_.push_back(std::move(inlet));
  return ends[1];
}

void Relays::sources(std::vector<pollfd>& set) {
  for (const Outlet& outlet : outlets_)
    set.push_back({outlet.pending.empty() ? -1 : outlet.stream.descriptor(), POLLOUT, 0});
  polled_.clear();
  for (std::size_t i = 0; i < inlets_.size(); ++i) {
    const Inlet& inlet = inlets_[i];
    if (!inlet.pipe || outlets_[inlet.outlet].pending.size() >= most_pending) continue;
    polled_.push_back(i);
    set.push_back({inlet.pipe.get(), POLLIN, 0});
  }
}

void Relays::pump(const pollfd* first) {
  first += outlets_.size();
  for (std::size_t i = 0; i < polled_.size(); ++i)
    if (first[i].revents != 0) read(inlets_[polled_[i]]);
  for (std::size_t i = 0; i < outlets_.size(); ++i) write(i);
}

void Relays::finish() {
  for (Inlet& inlet : inlets_) {
    while (read(inlet)) write(inlet.outlet);
    if (inlet.pipe) close(inlet);
  }
}

void Relays::hear_rest_of(ProcessId process) {
  constexpr int pieces = 5;  // pipe(7): 64 KiB, and one for what a piece had cut.
  for (Inlet& inlet : inlets_)
    for (int piece = 0; inlet.process == process && piece < pieces && read(inlet); ++piece) write(inlet.outlet);
}

bool Relays::has_output() const noexcept {
  return std::any_of(outlets_.begin(), outlets_.end(), [](const Outlet& outlet) { return !outlet.pending.empty(); });
}

bool Relays::read(Inlet& inlet) {
  if (!inlet.pipe) return false;
  char text[16384];
  const ssize_t size = ::read(inlet.pipe.get(), text, sizeof text);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (size <= 0) {
    close(inlet);
    return false;
  }
  take(inlet, {text, static_cast<std::size_t>(size)});
  if (hearer_ != nullptr) {
    // Out first: what starts because of it may write there, too.
    write(inlet.outlet);
    hearer_(self_, inlet.process, {text, static_cast<std::size_t>(size)});
  }
  return true;
}

void Relays::take(Inlet& inlet, std::string_view text) {
  write_log(inlet.style.log, text);
  if (is_unchanged(inlet.style)) {
    outlets_[inlet.outlet].pending += text;
    return;
  }
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size =
        std::min(end == std::string_view::npos ? text.size() : end, longest_line - inlet.line.size());
    inlet.line += text.substr(0, size);
    text.remove_prefix(size);
    const bool is_whole = !text.empty() && text.front() == '\n';
    if (is_whole) text.remove_prefix(1);
    if (is_whole || inlet.line.size() == longest_line) put_line(inlet, std::exchange(inlet.line, {}));
  }
}

void Relays::put_line(Inlet& inlet, std::string_view line) {
  Outlet& outlet = outlets_[inlet.outlet];
  outlet.pending += inlet.style.prefix;
  outlet.pending += line;
  outlet.pending += raw_terminal && outlet.is_terminal ? "\r\n" : "\n";
}

void Relays::close(Inlet& inlet) {
  if (!inlet.line.empty()) put_line(inlet, std::exchange(inlet.line, {}));
  inlet.pipe.reset();
}

void Relays::write(OutletNumber number) {
  Outlet& outlet = outlets_[number];
  std::size_t done = 0;
  while (done < outlet.pending.size()) {
    const long size = outlet.stream.write(outlet.pending.data() + done, outlet.pending.size() - done);
    if (size == -EAGAIN) break;
    if (size <= 0) {
      // Nobody reads it any more, or there is no room. A command that writes on learns it as it would have from the reader;
      // one with a log goes on writing that.
      outlet.pending.clear();
      outlet.stream.close();
      for (Inlet& inlet : inlets_)
        if (inlet.outlet == number && inlet.style.log < 0) inlet.pipe.reset();
      return;
    }
    done += static_cast<std::size_t>(size);
  }
  outlet.pending.erase(0, done);
}

}  // namespace pidns
