#include <sys/prctl.h>

#include "run/child/actions.h"
#include "run/child/interpreter.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

/// One write(2) to a file of /proc: the kernel takes an id map only whole.
int write_file(const char* path, const char* data, std::size_t size) {
  const long descriptor = raw::open(path, O_WRONLY | O_CLOEXEC);
  if (const int error = raw::error_of(descriptor)) return error;
  const long written = raw::write(static_cast<int>(descriptor), data, size);
  raw::close(static_cast<int>(descriptor));
  return raw::error_of(written);
}

int write_map(const char* path, const ResolvedIdMap& map) {
  // 340 extents at most: user_namespaces(7).
  Text<340 * 34> lines;
  for (const auto& extent : map.extents)
    lines.add_number(extent.inside).add(" ").add_number(extent.outside).add(" ").add_number(extent.count).add("\n");
  if (lines.used == 0) return 0;
  return write_file(path, lines.data, lines.used);
}

}  // namespace

int do_write_own_id_maps(const WriteOwnIdMaps& action) {
  // Without privilege a gid map may be written only once setgroups(2) is denied.
  if (!action.gid.extents.empty())
    if (const int error = write_file("/proc/self/setgroups", "deny", 4); error != 0 && error != ENOENT) return error;
  if (const int error = write_map("/proc/self/uid_map", action.uid)) return error;
  return write_map("/proc/self/gid_map", action.gid);
}

int write_maps_of(int pid, const WriteIdMaps& action) {
  auto path = [pid](const char* file) {
    Text<48> text;
    text.add("/proc/").add_number(pid).add("/").add(file);
    return text;
  };
  if (action.deny_setgroups)
    if (const int error = write_file(path("setgroups").data, "deny", 4)) return error;
  if (const int error = write_map(path("uid_map").data, action.uid)) return error;
  return write_map(path("gid_map").data, action.gid);
}

int do_await_id_maps(Context& context, const AwaitIdMaps& action, bool stays) {
  char go = 0;
  raw::write(context.sync_child, "r", 1);
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

int do_set_clock_offsets(const SetClockOffsets& action) {
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
  if (lines.used > 0)
    if (const int error = write_file("/proc/self/timens_offsets", lines.data, lines.used)) return error;
  if (!action.enter) return 0;
  const long descriptor = raw::open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
  if (const int error = raw::error_of(descriptor)) return error;
  const int error = raw::error_of(raw::setns(static_cast<int>(descriptor), CLONE_NEWTIME));
  raw::close(static_cast<int>(descriptor));
  return error;
}

}  // namespace pidns::child
