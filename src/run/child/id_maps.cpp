#include <sys/prctl.h>

#include "run/child/actions.h"
#include "run/child/interpreter.h"
#include "run/child/procfs.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

// 340 extents at most: user_namespaces(7).
using MapText = Text<340 * 34>;

/// Each id that exists where the writer is, unchanged: the first and the third number of its own map.
int add_own_ids(const Context& context, const char* own_map, MapText& lines) {
  const long file = open_proc_file(context, own_map, O_RDONLY);
  if (const int error = raw::error_of(file)) return error;
  char text[4096];
  const long size = raw::read(static_cast<int>(file), text, sizeof text);
  raw::close(static_cast<int>(file));
  std::uint64_t numbers[3]{};
  int count = 0;
  for (long at = 0; at < size;) {
    for (; at < size && text[at] == ' '; ++at) {
    }
    std::uint64_t value = 0;
    for (; at < size && text[at] >= '0' && text[at] <= '9'; ++at)
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
    if (count < 3) numbers[count++] = value;
    if (at >= size || text[at] != '\n') continue;
    const auto first = static_cast<std::int64_t>(numbers[0]);
    lines.add_number(first).add(" ").add_number(first).add(" ");
    lines.add_number(static_cast<std::int64_t>(numbers[2])).add("\n");
    count = 0;
    ++at;
  }
  return raw::error_of(size);
}

int write_map(const Context& context, const char* path, const char* own_map, const ResolvedIdMap& map) {
  MapText lines;
  if (map.takes_all_at_run_time())
    if (const int error = add_own_ids(context, own_map, lines)) return error;
  for (const auto& extent : map.extents)
    lines.add_number(extent.inside).add(" ").add_number(extent.outside).add(" ").add_number(extent.count).add("\n");
  if (lines.used == 0) return 0;
  return write_proc_file(context, path, lines.data, lines.used);
}

}  // namespace

int do_write_own_id_maps(const Context& context, const WriteOwnIdMaps& action) {
  // Without privilege a gid map may be written only once setgroups(2) is denied.
  if (!action.gid.extents.empty() && !action.allow_setgroups)
    if (const int error = write_proc_file(context, "self/setgroups", "deny", 4)) return error;
  if (const int error = write_map(context, "self/uid_map", "self/uid_map", action.uid)) return error;
  return write_map(context, "self/gid_map", "self/gid_map", action.gid);
}

int write_maps_of(const Context& context, int pid, const WriteIdMaps& action) {
  const int number = pid_in_procfs(context, pid);
  if (number == 0) return ESRCH;
  auto path = [number](const char* file) {
    Text<48> text;
    text.add_number(number).add("/").add(file);
    return text;
  };
  if (action.deny_setgroups)
    if (const int error = write_proc_file(context, path("setgroups").data, "deny", 4)) return error;
  if (action.allow_setgroups)
    if (const int error = write_proc_file(context, path("setgroups").data, "allow", 5)) return error;
  if (const int error = write_map(context, path("uid_map").data, "self/uid_map", action.uid)) return error;
  return write_map(context, path("gid_map").data, "self/gid_map", action.gid);
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
  if (lines.used > 0)
    if (const int error = write_proc_file(context, "self/timens_offsets", lines.data, lines.used)) return error;
  if (!action.enter) return 0;
  const long descriptor = open_proc_file(context, "self/ns/time_for_children", O_RDONLY);
  if (const int error = raw::error_of(descriptor)) return error;
  const int error = raw::error_of(raw::setns(static_cast<int>(descriptor), CLONE_NEWTIME));
  raw::close(static_cast<int>(descriptor));
  return error;
}

}  // namespace pidns::child
