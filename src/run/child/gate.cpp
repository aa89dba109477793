#include <sys/signalfd.h>

#include "run/child/actions.h"
#include "run/child/interpreter.h"

namespace pidns::child {
namespace {

/// The supervisor's word in a queued signal; 0 where it is somebody else's.
int word_in(const Context& context, const signalfd_siginfo& news) {
  if (news.ssi_code != SI_QUEUE || static_cast<std::uint32_t>(news.ssi_ptr >> 32) != context.nonce) return 0;
  return static_cast<int>(news.ssi_ptr >> 24 & 0xff);
}

/// What they write ends when they end, and not when this one starts: it may wait for just that.
void close_streams_of_others(const Context& context, ProcessId self) {
  if (context.stream_descriptors == nullptr) return;
  const int* own = context.stream_descriptors + index(self) * 3;
  const int* end = context.stream_descriptors + context.graph->processes.size() * 3;
  int last = -1;
  for (const int* other = context.stream_descriptors; other != end; ++other) {
    if (*other < 0 || *other == last || *other == own[0] || *other == own[1] || *other == own[2]) continue;
    raw::close(*other);
    last = *other;
  }
}

}  // namespace

/// Every signal is blocked here, and queued until then: none is lost, not even one that came before.
int do_wait_for(const Context& context, ProcessId self) {
  close_streams_of_others(context, self);
  const raw::SignalSet commands = raw::signal_bit(command_signal);
  const long file = raw::call(SYS_signalfd4, -1, raw::ptr(&commands), sizeof commands, SFD_CLOEXEC);
  if (const int error = raw::error_of(file)) return error;
  // The supervisor's end of the socket, which was inherited with its memory, shall be closed by its death.
  raw::close(context.reports);
  for (;;) {
    // That tells of the supervisor's death also who is not tied to it; with the maker its signal may wait
    // for us in vain, being blocked.
    pollfd sources[3] = {
        {static_cast<int>(file), POLLIN, 0}, {context.report_socket, 0, 0}, {context.maker_pidfd, POLLIN, 0}};
    raw::poll(sources, 3, nullptr);
    if (sources[1].revents != 0 || sources[2].revents != 0) raw::exit_group(given_up_status);
    signalfd_siginfo news{};
    if (raw::read(static_cast<int>(file), &news, sizeof news) != static_cast<long>(sizeof news)) continue;
    const int word = word_in(context, news);
    if (word == gate_gives_up) raw::exit_group(given_up_status);
    if (word == gate_opens) break;
  }
  raw::close(static_cast<int>(file));
  return 0;
}

}  // namespace pidns::child
