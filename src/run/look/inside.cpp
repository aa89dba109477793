#include "run/look/inside.h"

#include <sys/ioctl.h>
#include <sys/prctl.h>

#include "run/child/actions.h"

namespace pidns {
namespace {

[[noreturn]] void give_up(const Inside& inside, InsideStep step, int error) noexcept {
  const InsideFailure failure{step, error};
  raw::write(inside.report, &failure, sizeof failure);
  raw::exit_group(125);
}

bool is_same_directory(int one, int other) noexcept {
  struct stat a {};
  struct stat b {};
  return raw::error_of(raw::fstatat(one, "", &a, AT_EMPTY_PATH)) == 0 &&
         raw::error_of(raw::fstatat(other, "", &b, AT_EMPTY_PATH)) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// chroot(2) asks for a capability; in most cases the root of the mount namespace is the root already.
int take_root(int root) noexcept {
  const long now = raw::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const bool is_there = now >= 0 && is_same_directory(static_cast<int>(now), root);
  if (now >= 0) raw::close(static_cast<int>(now));
  if (is_there) return 0;
  if (const int error = raw::error_of(raw::fchdir(root))) return error;
  return raw::error_of(raw::chroot("."));
}

int take_terminal(const Inside& inside) noexcept {
  if (const int error = raw::error_of(raw::setsid())) return error;
  if (const int error = raw::error_of(raw::ioctl(inside.terminal, TIOCSCTTY, nullptr))) return error;
  for (int stream = 0; stream < (inside.terminal_as_error ? 3 : 2); ++stream)
    if (const int error = raw::error_of(raw::dup3(inside.terminal, stream, 0))) return error;
  return 0;
}

int tie(const Inside& inside) noexcept {
  if (inside.kill_child == 0) return 0;
  return raw::error_of(raw::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(inside.kill_child)));
}

/// getppid(2) can't tell: in another pid namespace it is 0.
bool maker_is_gone(const Inside& inside) noexcept {
  pollfd look{inside.maker, POLLIN, 0};
  const timespec now{0, 0};
  return inside.kill_child != 0 && raw::poll(&look, 1, &now) == 1;
}

}  // namespace

void run_inside(const Inside& inside) noexcept {
  if (inside.terminal >= 0)
    if (const int error = take_terminal(inside)) give_up(inside, InsideStep::terminal, error);
  if (inside.root >= 0)
    if (const int error = take_root(inside.root)) give_up(inside, InsideStep::root, error);
  if (inside.path != nullptr) {
    if (const int error = child::do_change_directory(*inside.path)) give_up(inside, InsideStep::directory, error);
  } else if (inside.directory >= 0) {
    if (const int error = raw::error_of(raw::fchdir(inside.directory))) give_up(inside, InsideStep::directory, error);
  }
  if (inside.umask != nullptr) raw::umask(inside.umask->mask);
  if (inside.credentials != nullptr)
    // No procfs was kept: /proc is that of the root it is in.
    if (const int error = child::do_set_credentials(child::Context{}, *inside.credentials, false))
      give_up(inside, InsideStep::credentials, error);
  // Last, since a change of ids clears it; and only then a look whether there is a maker to be tied to.
  if (const int error = tie(inside)) give_up(inside, InsideStep::tie, error);
  if (maker_is_gone(inside)) raw::exit_group(125);
  raw::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  raw::SignalAction action{inside.caller_ignored_sigchld ? SIG_IGN : SIG_DFL, 0, nullptr, 0};
  raw::sigaction(SIGCHLD, &action, nullptr);
  raw::sigprocmask(SIG_SETMASK, &inside.caller_mask, nullptr);
  give_up(inside, InsideStep::execute, child::execute(*inside.image));
}

}  // namespace pidns
