#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "run/child/actions.h"
#include "run/child/interpreter.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

/// One write(2) to a file of /proc: the kernel takes an id map only whole.
int write_file(int folder, const char* name, const char* data, std::size_t size) {
  const long descriptor = raw::openat(folder, name, O_WRONLY | O_CLOEXEC);
  if (const int error = raw::error_of(descriptor)) return error;
  const long written = raw::write(static_cast<int>(descriptor), data, size);
  raw::close(static_cast<int>(descriptor));
  return raw::error_of(written);
}

int write_map(int folder, const char* name, const ResolvedIdMap& map) {
  // 340 extents at most: user_namespaces(7).
  Text<340 * 34> lines;
  for (const auto& extent : map.extents)
    lines.add_number(extent.inside).add(" ").add_number(extent.outside).add(" ").add_number(extent.count).add("\n");
  if (lines.used == 0) return 0;
  return write_file(folder, name, lines.data, lines.used);
}

int write_maps(int folder, const ResolvedIdMap& uid, const ResolvedIdMap& gid) {
  if (const int error = write_map(folder, "uid_map", uid)) return error;
  return write_map(folder, "gid_map", gid);
}

int enter_time_for_children(int folder) {
  const long descriptor = raw::openat(folder, "ns/time_for_children", O_RDONLY | O_CLOEXEC);
  if (const int error = raw::error_of(descriptor)) return error;
  const int error = raw::error_of(raw::setns(static_cast<int>(descriptor), CLONE_NEWTIME));
  raw::close(static_cast<int>(descriptor));
  return error;
}

/// The word to a maker that this child waits, with this process's folder of proc: the maker can't find
/// it by pid, where the /proc that it sees counts the pids of another namespace.
void say_ready(int socket, int folder) {
  char word = 'r';
  iovec part{&word, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (folder >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    *reinterpret_cast<int*>(CMSG_DATA(header)) = folder;
  }
  raw::call(SYS_sendmsg, socket, raw::ptr(&message), MSG_NOSIGNAL);
}

}  // namespace

int open_own_folder(const Context& context) {
  constexpr int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  const long folder = context.procfs >= 0 ? raw::openat(context.procfs, "self", flags) : raw::open("/proc/self", flags);
  return static_cast<int>(folder);
}

int do_write_own_id_maps(const Context& context, const WriteOwnIdMaps& action) {
  const int folder = open_own_folder(context);
  if (folder < 0) return -folder;
  int error = 0;
  // Without privilege a gid map may be written only once setgroups(2) is denied.
  if (!action.gid.extents.empty()) error = write_file(folder, "setgroups", "deny", 4);
  if (error == 0 || error == ENOENT) error = write_maps(folder, action.uid, action.gid);
  raw::close(folder);
  return error;
}

int write_maps_of(int folder, const WriteIdMaps& action) {
  if (action.deny_setgroups)
    if (const int error = write_file(folder, "setgroups", "deny", 4)) return error;
  return write_maps(folder, action.uid, action.gid);
}

int do_await_id_maps(Context& context, const AwaitIdMaps& action, bool stays) {
  char go = 0;
  const int folder = open_own_folder(context);
  say_ready(context.sync_child, folder);
  if (folder >= 0) raw::close(folder);
  const long size = raw::read(context.sync_child, &go, 1);
  if (size <= 0) return trouble_maker_gone;
  // A command keeps it open until it executes: its end tells the maker that it runs.
  if (stays) {
    raw::close(context.sync_child);
    context.sync_child = -1;
  }
  int error = 0;
  if (action.become_gid_0) error = raw::error_of(raw::setresgid(0, 0, 0));
  if (error == 0 && action.become_uid_0) error = raw::error_of(raw::setresuid(0, 0, 0));
  // A change of ids makes the process undumpable, and its /proc/self not its own any more.
  raw::prctl(PR_SET_DUMPABLE, 1);
  return error;
}

int do_set_clock_offsets(const Context& context, const SetClockOffsets& action) {
  auto line = [](const char* clock, Duration offset) {
    // Nanoseconds count upwards from a floor of whole seconds.
    std::int64_t seconds = offset.count() / 1000000000;
    std::int64_t rest = offset.count() % 1000000000;
    if (rest < 0) {
      --seconds;
      rest += 1000000000;
    }
    Text<64> text;
    text.add(clock).add(" ").add_number(seconds).add(" ").add_number(rest).add("\n");
    return text;
  };
  Text<128> lines;
  if (action.monotonic) lines.add(line("monotonic", *action.monotonic).data);
  if (action.boottime) lines.add(line("boottime", *action.boottime).data);
  const int folder = open_own_folder(context);
  if (folder < 0) return -folder;
  int error = lines.used > 0 ? write_file(folder, "timens_offsets", lines.data, lines.used) : 0;
  if (error == 0 && action.enter) error = enter_time_for_children(folder);
  raw::close(folder);
  return error;
}

}  // namespace pidns::child
