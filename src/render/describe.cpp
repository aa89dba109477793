#include "base/capability_name.h"
#include "base/duration.h"
#include "base/signal_name.h"
#include "render/phrases.h"
#include "render/quote.h"
#include "render/render.h"
#include "render/words.h"

namespace pidns {
namespace {

std::string address_of(const ExecutionGraph& graph, ProcessId id) {
  return index(id) < graph.processes.size() ? graph.process(id).address : "?";
}

const char* stream_name(int descriptor) {
  constexpr const char* names[] = {"stdin", "stdout", "stderr"};
  return descriptor >= 0 && descriptor <= 2 ? names[descriptor] : "a stream";
}

const char* role_noun(Role role) {
  switch (role) {
    case Role::init:
      return " init";
    case Role::holder:
      return " holder";
    case Role::launcher:
      return " launcher";
    case Role::supervisor:
    case Role::command:
      return "";
  }
  return "";
}

/// Words for each alternative; a new one without words does not compile.
class Words {
 public:
  explicit Words(const ExecutionGraph& graph) : graph_(graph) {}

  std::string operator()(const Unshare& step) const { return "unshare " + kinds_text(step.kinds); }
  std::string operator()(const Fork& step) const { return "fork" + noun(step.child); }
  std::string operator()(const Clone& step) const {
    const std::string what = "create" + noun(step.child);
    return (step.kinds.empty() ? what : what + " in new " + kinds_text(step.kinds)) +
           (step.by_launcher ? ", by a launcher inside" : "");
  }
  std::string operator()(const Join& step) const {
    std::string text;
    for (const auto& [target, place] : step.targets) {
      text += (text.empty() ? "join " : ", ") + std::string(info(target.kind).name) + " of ";
      const auto* pid = std::get_if<std::int64_t>(&target.target);
      text += pid != nullptr ? std::to_string(*pid) : shell_word(std::get<std::string>(target.target));
    }
    return text;
  }
  std::string operator()(const AwaitRelease&) const { return "wait until the others of the node are made"; }
  std::string operator()(const AwaitSetUp& step) const {
    return "wait until " + address_of(graph_, step.child) + " is set up";
  }
  std::string operator()(const Release& step) const { return "let " + address_of(graph_, step.child) + " execute"; }
  std::string operator()(const AwaitStart&) const { return "wait until the others are made"; }
  std::string operator()(const StartChildren&) const { return "let them start"; }
  std::string operator()(const BecomeSubreaper&) const { return "become a subreaper"; }
  std::string operator()(const WriteIdMaps& step) const {
    return "map ids of " + address_of(graph_, step.child) + maps(step.uid, step.gid) +
           (step.deny_setgroups ? "; setgroups deny" : "") + (step.by_helper ? "; by newuidmap, newgidmap" : "");
  }
  std::string operator()(const AwaitIdMaps& step) const {
    std::string ids = step.become_uid_0 ? " uid 0" : "";
    if (step.become_gid_0) ids += " gid 0";
    return "wait for the id maps" + (ids.empty() ? "" : ", become" + ids);
  }
  std::string operator()(const WriteOwnIdMaps& step) const {
    return "map ids" + maps(step.uid, step.gid) + "; setgroups deny";
  }
  std::string operator()(const SetClockOffsets& step) const {
    std::string text;
    if (step.monotonic) text += " monotonic by " + duration_text(*step.monotonic);
    if (step.boottime) text += (text.empty() ? "" : ",") + std::string(" boottime by ") + duration_text(*step.boottime);
    return "shift clocks" + text;
  }
  std::string operator()(const TieToMaker& step) const { return "tie to parent with " + signal_name(step.signal); }
  std::string operator()(const SetPropagation& step) const {
    return std::string("make / ") + propagation_word(step.mode);
  }
  std::string operator()(const MakePrivate& step) const {
    return "make the mount at " + shell_word(step.target) + " private";
  }
  std::string operator()(const ChangeRoot& step) const { return root_text(step.root); }
  std::string operator()(const MountFilesystem& step) const { return mount_text(step.mount); }
  std::string operator()(const MountProcfs& step) const {
    std::vector<std::string> options;
    if (step.mount.hidepid) options.push_back(std::string("hidepid=") + hidepid_word(*step.mount.hidepid));
    if (step.mount.subset_pid) options.emplace_back("subset=pid");
    return "mount proc on " + shell_word(step.mount.target) + options_text(options);
  }
  std::string operator()(const DetachOldRoot&) const { return "detach the old root"; }
  std::string operator()(const MaskPath& step) const { return "mask " + shell_word(step.path); }
  std::string operator()(const ReadOnlyPath& step) const { return "make " + shell_word(step.path) + " read-only"; }
  std::string operator()(const ReadOnlyRoot&) const { return "make / read-only"; }
  std::string operator()(const SetHostname& step) const { return "set hostname " + shell_word(step.name); }
  std::string operator()(const SetDomainname& step) const { return "set domainname " + shell_word(step.name); }
  std::string operator()(const BringUpLoopback&) const { return "bring up lo"; }
  std::string operator()(const SetSysctl& step) const {
    return "set sysctl " + step.sysctl.name + " to " + shell_word(step.sysctl.value);
  }
  std::string operator()(const ChangeDirectory& step) const {
    return "change directory to " + shell_word(step.path) + (step.or_root ? ", else /" : "");
  }
  std::string operator()(const SetUmask& step) const { return "set umask " + octal(step.mask); }
  std::string operator()(const SetRlimit& step) const {
    const Rlimit& limit = step.limit;
    const std::string soft = limit_text(limit.soft);
    const std::string hard = limit.soft == limit.hard ? "" : ", hard " + limit_text(limit.hard);
    return "limit " + limit.name + " to " + soft + hard;
  }
  std::string operator()(const SetNice& step) const { return "set nice " + std::to_string(step.value); }
  std::string operator()(const SetOomScoreAdj& step) const { return "set oom-score-adj " + std::to_string(step.value); }
  std::string operator()(const SetCredentials& step) const {
    std::string text = "become";
    if (step.uid) text += " uid " + identity_text(*step.uid);
    if (step.gid) text += " gid " + identity_text(*step.gid);
    if (!step.groups) return text;
    if (step.groups->empty()) return text + " without groups";
    std::string groups;
    for (const Identity& group : *step.groups) groups += (groups.empty() ? "" : ", ") + identity_text(group);
    return text + " groups " + groups;
  }
  std::string operator()(const SetCapabilities& step) const {
    std::string names;
    for (unsigned number = 0; number < 64; ++number)
      if ((step.keep >> number & 1U) != 0) names += (names.empty() ? "" : ", ") + capability_name(number);
    if (names.empty()) return "drop all capabilities";
    return ~step.keep == 0 ? "keep all capabilities" : "keep only " + names;
  }
  std::string operator()(const SetNoNewPrivs&) const { return "set no-new-privs"; }
  std::string operator()(const NewSession&) const { return "start a session"; }
  std::string operator()(const OwnGroup&) const { return "stand in a process group of its own"; }
  std::string operator()(const NewTerminal&) const { return "start a session in a terminal of its own"; }
  std::string operator()(const RedirectStream& step) const {
    if (step.descriptor == 0) return "read stdin from " + stream(step.stream);
    return std::string("write ") + stream_name(step.descriptor) + " to " + stream(step.stream);
  }
  std::string operator()(const PassDescriptors& step) const {
    std::string numbers;
    for (const int number : step.numbers) numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
    return "pass descriptors " + numbers;
  }
  std::string operator()(const WaitFor& step) const {
    std::string text;
    if (index(step.gate) < graph_.gates.size())
      for (const auto& [dependency, place] : graph_.gates[index(step.gate)].conditions)
        text += (text.empty() ? "wait until " : ", ") + dependency.address +
                (is_ready(dependency.condition) ? " is " : " has ") + condition_word(dependency.condition);
    return text.empty() ? "wait" : text;
  }
  std::string operator()(const Exec& step) const {
    return "execute " + shell_words(step.argv) + (step.argv0 ? " as " + shell_word(*step.argv0) : "");
  }
  std::string operator()(const Supervise&) const { return "reap, forward signals, end"; }

 private:
  [[nodiscard]] std::string noun(ProcessId child) const {
    return index(child) < graph_.processes.size() ? role_noun(graph_.process(child).role) : "";
  }
  static bool is_ready(Condition condition) {
    return condition == Condition::ready || condition == Condition::automatic;
  }
  static std::string maps(const ResolvedIdMap& uid, const ResolvedIdMap& gid) {
    return ": uid " + id_map_text(uid) + "; gid " + id_map_text(gid);
  }
  static std::string stream(const Stream& stream) { return stream.null ? "null" : shell_word(stream.path); }

  const ExecutionGraph& graph_;
};

}  // namespace

std::string describe(const Action& action, const ExecutionGraph& graph) { return std::visit(Words(graph), action); }

}  // namespace pidns
