#include <net/if.h>
#include <sys/ioctl.h>

#include "run/child/actions.h"
#include "run/child/procfs.h"
#include "run/child/text.h"

namespace pidns::child {

int do_bring_up_loopback() {
  const long descriptor = raw::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (const int error = raw::error_of(descriptor)) return error;
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const int error = raw::error_of(raw::ioctl(static_cast<int>(descriptor), SIOCSIFFLAGS, &request));
  raw::close(static_cast<int>(descriptor));
  return error;
}

int do_set_sysctl(const Context& context, const SetSysctl& action) {
  // sysctl(8): dots separate, and a slash stands for a dot inside a part (net.ipv4.conf.eth0/1).
  Text<512> path;
  path.add("/proc/sys/");
  for (const char letter : action.sysctl.name) path.put(letter == '.' ? '/' : letter == '/' ? '.' : letter);
  if (path.full) return ENAMETOOLONG;
  // The node's own /proc first: the caller's may be read-only. What is written belongs to the
  // namespaces of the writer, whichever procfs it goes through.
  long file = raw::open(path.data, O_WRONLY | O_CLOEXEC);
  if (file < 0 && context.procfs >= 0) {
    const long other = open_proc_file(context, path.data + 6, O_WRONLY);
    if (other >= 0) file = other;
  }
  if (const int error = raw::error_of(file)) return error;
  const long written = raw::write(static_cast<int>(file), action.sysctl.value.data(), action.sysctl.value.size());
  raw::close(static_cast<int>(file));
  return raw::error_of(written);
}

int do_change_directory(const ChangeDirectory& action) {
  const int error = raw::error_of(raw::chdir(action.path.c_str()));
  if (error == 0 || !action.or_root) return error;
  return raw::error_of(raw::chdir("/"));
}

int do_redirect_stream(const Context& context, ProcessId self, const RedirectStream& action) {
  const int opened = context.stream_descriptors[index(self) * 3 + static_cast<std::size_t>(action.descriptor)];
  return raw::error_of(raw::dup3(opened, action.descriptor, 0));
}

int do_new_session() {
  const int error = raw::error_of(raw::setsid());
  return error == EPERM ? 0 : error;  // Already a session's leader: as PID 1 it may be.
}

int do_new_terminal(const Context& context) {
  int error = do_new_session();
  if (error == 0) error = raw::error_of(raw::ioctl(context.terminal, TIOCSCTTY, nullptr));
  for (int descriptor = 0; descriptor < 3 && error == 0; ++descriptor)
    error = raw::error_of(raw::dup3(context.terminal, descriptor, 0));
  return error;
}

}  // namespace pidns::child
