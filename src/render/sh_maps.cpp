/// Id maps in a script. unshare(1) writes those of one id, the caller's own, and denies setgroups(2) with
/// them. All others are written from outside, while the shell in the new user namespace waits: it tells
/// its pid by a pipe of its own, and reads from its standard input that it can go on.

#include "render/sh_parts.h"

namespace pidns::sh {
namespace {

bool makes_user(const Process& process) { return makes(process, NamespaceKind::user); }
bool joins_user(const Process& process) { return joins(process, NamespaceKind::user); }

bool is_own_id(const ResolvedIdMap& map) {
  return map.extents.size() == 1 && (map.kind == IdMapKind::root || map.kind == IdMapKind::current);
}

/// Whether a shell that enters is known to be root there.
bool is_root_inside(const ResolvedIdMap& uid, bool becomes_root) {
  if (becomes_root || uid.kind == IdMapKind::root || uid.kind == IdMapKind::automatic) return true;
  return uid.kind == IdMapKind::current && !uid.extents.empty() && uid.extents.front().inside == 0;
}

/// What unshare(1) is told to map.
std::string own_id_words(const ResolvedIdMap& uid, const ResolvedIdMap& gid) {
  if (uid.kind == IdMapKind::current && gid.kind == IdMapKind::current) return "--map-current-user ";
  if (uid.kind == IdMapKind::root && gid.kind == IdMapKind::root) return "--map-root-user ";
  std::string words;  // A map of `none` is not written.
  if (!uid.extents.empty()) words += "--map-user=" + std::to_string(uid.extents.front().inside) + " ";
  if (!gid.extents.empty()) words += "--map-group=" + std::to_string(gid.extents.front().inside) + " ";
  return words;
}

/// One write(2) for all extents: the kernel takes no second.
std::string writing_line(const ResolvedIdMap& map, const char* file, const char* helper) {
  if (map.takes_all_at_run_time())
    return std::string("awk '{print $1, $1, $3}' /proc/self/") + file + " >\"/proc/$pid/" + file + "\" &&\n";
  if (map.extents.empty()) return "";
  std::string lines;
  std::string words;
  for (const IdExtent& extent : map.extents) {
    const std::string numbers =
        std::to_string(extent.inside) + " " + std::to_string(extent.outside) + " " + std::to_string(extent.count);
    lines += numbers + "\\n";
    words += " " + numbers;
  }
  if (helper != nullptr) return std::string(helper) + " \"$pid\"" + words + " &&\n";
  // bash's own printf writes line by line.
  return (map.extents.size() == 1 ? "printf '" : "env printf '") + lines + "' >\"/proc/$pid/" + file + "\" &&\n";
}

/// Of a maker's steps: the child that the first of them from `at` on is for; no_process, the highest, at the end.
ProcessId child_from(std::span<const Step> steps, std::size_t at) {
  for (; at < steps.size(); ++at) {
    if (const auto* write = std::get_if<WriteIdMaps>(&steps[at].action)) return write->child;
    if (const ProcessId child = child_of(steps[at].action); child != no_process) return child;
  }
  return no_process;
}

/// A maker may have thousands of children, who are made in the order of their ids.
const WriteIdMaps* maps_of(const ExecutionGraph& graph, const Process& process) {
  if (process.maker == no_process) return nullptr;
  const std::span<const Step> steps = graph.process(process.maker).steps;
  std::size_t first = set_up_of(graph.process(process.maker)).size();
  for (std::size_t count = steps.size() - first; count > 0;) {
    const std::size_t half = count / 2;
    const bool is_before = child_from(steps, first + half) < process.id;
    if (is_before) first += half + 1;
    count = is_before ? count - half - 1 : half;
  }
  for (; child_from(steps, first) == process.id; ++first)
    if (const auto* write = std::get_if<WriteIdMaps>(&steps[first].action)) return write;
  return nullptr;
}

}  // namespace

IdMapping id_mapping_of(const ExecutionGraph& graph, const Process& process) {
  IdMapping mapping;
  if (!makes_user(process)) return mapping;
  const auto* await = find<AwaitIdMaps>(process);
  const bool becomes_root = await != nullptr && await->become_uid_0;
  mapping.from_outside = maps_of(graph, process);
  if (const auto* own = find<WriteOwnIdMaps>(process)) {
    mapping.words = own_id_words(own->uid, own->gid);
    mapping.is_root_inside = is_root_inside(own->uid, false);
  } else if (mapping.from_outside != nullptr) {
    const WriteIdMaps& write = *mapping.from_outside;
    mapping.is_root_inside = is_root_inside(write.uid, becomes_root);
    if (is_own_id(write.uid) && is_own_id(write.gid) && write.deny_setgroups) {
      mapping.words = own_id_words(write.uid, write.gid);
      mapping.from_outside = nullptr;
    }
  }
  const bool keeps = mapping.from_outside != nullptr || !mapping.is_root_inside;
  if (keeps) mapping.words = "--keep-caps " + mapping.words;
  return mapping;
}

bool keeps_capabilities_of_user(const ExecutionGraph& graph, const Process& process) {
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker)) {
    if (makes_user(*at)) return !id_mapping_of(graph, *at).is_root_inside;
    if (joins_user(*at)) return false;
  }
  return false;
}

bool may_be_denied_setgroups(const ExecutionGraph& graph, const Process& process) {
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker)) {
    const WriteIdMaps* maps = id_mapping_of(graph, *at).from_outside;
    // newgidmap(1) denies it where no range of /etc/subgid is mapped.
    if (joins_user(*at) || (maps != nullptr && maps->by_helper)) return true;
  }
  return false;
}

const Process* outermost_in_user(const ExecutionGraph& graph, const Process& process) {
  const Process* outermost = nullptr;
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker))
    if (makes_user(*at) || joins_user(*at)) outermost = at;
  return outermost;
}

bool is_denied_setgroups(const ExecutionGraph& graph, const Process& process) {
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker)) {
    if (!makes_user(*at)) continue;
    const IdMapping mapping = id_mapping_of(graph, *at);
    const WriteIdMaps* maps = mapping.from_outside;
    if (maps == nullptr || maps->deny_setgroups) return true;
    // Without any group there is nothing to set.
    if (maps->gid.extents.empty() && !maps->gid.takes_all_at_run_time()) return true;
  }
  return false;
}

std::string mapped_start(const WriteIdMaps& maps, const std::string& start, const Wires& wires) {
  const std::string pipe = std::to_string(wires.pipe);
  std::string lines;
  if (maps.deny_setgroups) lines += "      printf deny >\"/proc/$pid/setgroups\" &&\n";
  if (maps.allow_setgroups) lines += "      printf allow >\"/proc/$pid/setgroups\" &&\n";
  for (const std::string& line : {writing_line(maps.uid, "uid_map", maps.by_helper ? "newuidmap" : nullptr),
                                  writing_line(maps.gid, "gid_map", maps.by_helper ? "newgidmap" : nullptr)})
    if (!line.empty()) lines += "      " + line;
  return "fifo=$(mktemp -d)/pid\nmkfifo \"$fifo\"\n"
         "{\n"
         "  rm \"$fifo\"; rmdir \"${fifo%/*}\"\n"
         "  {\n"
         "    read -r pid <&" +
         pipe +
         "\n"
         "    [ -z \"$pid\" ] || {\n" +
         lines +
         "      echo mapped\n"
         "    }\n"
         "  } | {\n"
         "    status=0\n"
         "    " +
         start +
         " || status=$?\n"
         "    echo >&" +
         pipe +
         "  # where it did not get so far\n"
         "    exit \"$status\"\n"
         "  }\n"
         "} " +
         std::to_string(wires.input) + "<&0 " + pipe + "<>\"$fifo\"";
}

std::string unmapped_branch(const ExecutionGraph& graph, const Process& process, const Wires& wires) {
  const Process& unsharing = find<AwaitIdMaps>(process) != nullptr ? process : graph.process(process.maker);
  const auto* await = find<AwaitIdMaps>(unsharing);
  const std::string number = std::to_string(index(process.id));
  const std::string input = std::to_string(wires.input);
  const std::string pipe = std::to_string(wires.pipe);
  std::string words;
  if (await != nullptr && await->become_uid_0) words += "--reuid=0 ";
  if (await != nullptr && await->become_gid_0) words += "--regid=0 ";
  if (!words.empty()) words += "--keep-groups ";
  // As root it has them without; as anybody else it needs them until the command is executed.
  if (id_mapping_of(graph, unsharing).is_root_inside) words += "--inh-caps=-all --ambient-caps=-all ";
  // A change of ids clears the tie.
  if (const int tie = tie_of(process); tie != 0 && !words.empty()) words += "--pdeathsig " + signal_word(tie) + " ";
  return number +
         "-unmapped) # waits for its id maps\n"
         "  read -r pid rest </proc/self/stat\n"
         "  echo \"$pid\" >&" +
         pipe +
         "\n"
         "  read -r mapped\n"
         "  exec <&" +
         input + " " + input + "<&- " + pipe +
         ">&-\n"
         "  exec " +
         (words.empty() ? "" : "setpriv " + words + "-- ") + "/bin/sh -euc \"$2\" sh " + number +
         stage_words(unsharing, process) + "\"$2\"" + (is_below_a_root(graph, process) ? " \"$3\"" : "") +
         "\n"
         "  ;;\n";
}

}  // namespace pidns::sh
