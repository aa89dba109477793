#include "run/child/probe.h"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "run/child/actions.h"
#include "run/child/interpreter.h"
#include "run/child/program.h"

namespace pidns::child {
namespace {

/// With who made it. Again after a change of ids, which clears it.
void tie() { raw::prctl(PR_SET_PDEATHSIG, SIGKILL); }

/// One's own user namespace can't be entered (EINVAL): where a joined one is the caller's.
bool enter_namespaces(const ProbeOrder& order) {
  if (order.kinds.empty()) return true;
  const long process = raw::pidfd_open(order.pid);
  if (process < 0) return false;
  NamespaceSet kinds = order.kinds;
  long result = raw::setns(static_cast<int>(process), static_cast<int>(kinds.clone_flags()));
  if (raw::error_of(result) == EINVAL && kinds.has(NamespaceKind::user)) {
    kinds.remove(NamespaceKind::user);
    result = kinds.empty() ? 0 : raw::setns(static_cast<int>(process), static_cast<int>(kinds.clone_flags()));
  }
  raw::close(static_cast<int>(process));
  if (result < 0) return false;
  if (order.become_gid_0) raw::setresgid(0, 0, 0);
  if (order.become_uid_0) raw::setresuid(0, 0, 0);
  return true;
}

/// The directory, the ids and the rights of the process. Its limits are not for others.
bool become_alike(Context& context, const ProbeOrder& order) {
  const Process& process = process_of(context, order.readiness->process);
  if (!has_step<ChangeDirectory>(process) && order.kinds.has(NamespaceKind::mount) &&
      (order.directory == nullptr || raw::chdir(order.directory) < 0))
    raw::chdir("/");
  for (const auto& step : process.steps) {
    const bool alike =
        std::holds_alternative<ChangeDirectory>(step.action) || std::holds_alternative<SetUmask>(step.action) ||
        std::holds_alternative<SetCredentials>(step.action) || std::holds_alternative<SetCapabilities>(step.action) ||
        std::holds_alternative<SetNoNewPrivs>(step.action);
    if (alike && perform(context, process.id, step) != 0) return false;
  }
  tie();
  return true;
}

/// Not for longer than a second: a full queue of a listener lets us wait without an answer.
bool accepts(const void* address, std::size_t size, int family) {
  const long file = raw::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (file < 0) return false;
  const int socket = static_cast<int>(file);
  long result = raw::call(SYS_connect, socket, raw::ptr(address), static_cast<long>(size));
  if (raw::error_of(result) == EINPROGRESS) {
    pollfd done{socket, POLLOUT, 0};
    const timespec second{1, 0};
    int error = ETIMEDOUT;
    socklen_t length = sizeof error;
    if (raw::poll(&done, 1, &second) == 1)
      raw::call(SYS_getsockopt, socket, SOL_SOCKET, SO_ERROR, raw::ptr(&error), raw::ptr(&length));
    result = -error;
  }
  raw::close(socket);
  return result == 0;
}

bool accepts(std::uint16_t port) {
  const auto in_network_order = static_cast<std::uint16_t>(port << 8 | port >> 8);
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = in_network_order;
  four.sin_addr.s_addr = 0x0100007f;  // 127.0.0.1
  if (accepts(&four, sizeof four, AF_INET)) return true;
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = in_network_order;
  six.sin6_addr.s6_addr[15] = 1;
  return accepts(&six, sizeof six, AF_INET6);
}

[[noreturn]] void look(Context& context, const ProbeOrder& order) {
  const Ready& ready = order.readiness->ready;
  if (ready.probe == Ready::Probe::path)
    raw::exit_group(raw::faccessat(AT_FDCWD, ready.text.c_str(), F_OK) == 0 ? 0 : 1);
  if (ready.probe == Ready::Probe::tcp) raw::exit_group(accepts(ready.port) ? 0 : 1);
  if (order.image == nullptr || raw::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0) raw::exit_group(no_probe);
  if (context.caller_nofile != nullptr) raw::prlimit(0, RLIMIT_NOFILE, context.caller_nofile);
  raw::sigprocmask(SIG_SETMASK, &context.caller_mask, nullptr);
  raw::exit_group(execute(*order.image) == ENOENT ? 127 : 126);
}

/// A group of its own: what the probe leaves behind is ended with it.
void stand_apart() { raw::setpgid(0, 0); }

}  // namespace

void run_probe(Context& context, const ProbeOrder& order) {
  tie();
  // A copy of the supervisor: who is root in the process's user namespace shall not trace it, nor open
  // /proc/PID/exe. Its execution ends that: prctl(2).
  if (order.kinds.has(NamespaceKind::user)) raw::prctl(PR_SET_DUMPABLE, 0);
  // Before the namespaces change: what a probe says is nobody's.
  const long null = raw::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || !enter_namespaces(order)) raw::exit_group(no_probe);
  for (int descriptor = 0; descriptor <= 2; ++descriptor) raw::dup3(static_cast<int>(null), descriptor, 0);
  stand_apart();
  if (order.kinds.has(NamespaceKind::pid)) {
    const long child = raw::fork(0);
    if (child < 0) raw::exit_group(no_probe);
    if (child > 0) {
      siginfo_t ended{};
      while (raw::error_of(raw::waitid(P_PID, static_cast<int>(child), &ended, WEXITED | __WALL)) == EINTR) {
      }
      raw::exit_group(ended.si_code == CLD_EXITED ? ended.si_status : no_probe);
    }
    tie();
  }
  if (!become_alike(context, order)) raw::exit_group(no_probe);
  look(context, order);
}

}  // namespace pidns::child
