/// Each kind of step as lines of a script.

#include <algorithm>

#include "base/quote.h"
#include "render/phrases.h"
#include "render/sh_parts.h"
#include "render/words.h"

namespace pidns::sh {
namespace {

using Lines = std::vector<std::string>;

/// hostname(1) refuses what is no name of the net; the kernel takes any.
bool is_usual_name(const std::string& name) {
  const auto is_usual = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  const auto is_edge = [](char c) { return c == '-' || c == '.'; };
  return std::all_of(name.begin(), name.end(), is_usual) && !is_edge(name.front()) && !is_edge(name.back()) &&
         name.find("..") == std::string::npos;
}

/// Lines for each alternative; a new one without lines does not compile.
class StepLines {
 public:
  StepLines(const ExecutionGraph& graph, const Process& process, const Trees& trees, Reasons& reasons)
      : graph_(graph), process_(process), trees_(trees), reasons_(reasons) {}

  // Done by the words that start the process, or by those of its command.
  Lines operator()(const Unshare&) const { return {}; }
  Lines operator()(const Fork&) const { return {}; }
  Lines operator()(const Clone&) const { return {}; }
  Lines operator()(const Join&) const { return {}; }
  Lines operator()(const WriteIdMaps&) const { return {}; }
  Lines operator()(const AwaitIdMaps&) const { return {}; }
  Lines operator()(const WriteOwnIdMaps&) const { return {}; }
  Lines operator()(const SetClockOffsets&) const { return {}; }
  Lines operator()(const TieToMaker&) const { return {}; }
  Lines operator()(const BecomeSubreaper&) const { return {}; }
  Lines operator()(const SetPropagation&) const { return {}; }
  Lines operator()(const SetCredentials&) const { return {}; }
  Lines operator()(const SetCapabilities&) const { return {}; }
  Lines operator()(const SetNoNewPrivs&) const { return {}; }
  Lines operator()(const NewSession&) const { return {}; }
  Lines operator()(const ChangeDirectory&) const { return {}; }
  // Only beside others: the script says that nobody stops these in order.
  Lines operator()(const OwnGroup&) const { return {}; }
  Lines operator()(const NewTerminal&) const { return {}; }
  Lines operator()(const PassDescriptors&) const { return {}; }
  Lines operator()(const Supervise&) const { return {}; }

  Lines operator()(const AwaitRelease&) const {
    return without("a PID 1 of the spec does not wait for those beside it");
  }
  Lines operator()(const AwaitSetUp&) const { return {}; }
  // Only beside others, under an init of ours: the script says that it has none.
  Lines operator()(const AwaitStart&) const { return {}; }
  Lines operator()(const StartChildren&) const { return {}; }
  Lines operator()(const Release&) const { return {}; }
  Lines operator()(const WaitFor&) const { return without("processes do not wait for others to be ready"); }
  Lines operator()(const DetachOldRoot&) const { return {}; }

  Lines operator()(const MakePrivate& step) const {
    return {"mount --make-private \"$(findmnt -fno TARGET --target " + sh_quote(step.target) + ")\""};
  }
  Lines operator()(const ChangeRoot& step) const { return root_lines(step.root, trees_); }
  Lines operator()(const MountFilesystem& step) const { return mount_lines(step.mount, trees_); }
  Lines operator()(const MountProcfs& step) const {
    const std::string target = trees_.target(step.mount.target);
    std::string options = "nosuid,nodev,noexec";
    if (step.mount.hidepid) options += std::string(",hidepid=") + hidepid_word(*step.mount.hidepid);
    if (step.mount.subset_pid) options += ",subset=pid";
    Lines lines;
    if (step.create) lines.push_back("make_folder " + target + " 0755");
    lines.push_back("mount -t proc -o " + options + " proc " + target);
    return lines;
  }
  Lines operator()(const MaskPath& step) const { return {"mask " + trees_.target(step.path)}; }
  Lines operator()(const ReadOnlyPath& step) const { return {"make_read_only " + trees_.target(step.path)}; }
  Lines operator()(const ReadOnlyRoot&) const { return {"mount -o remount,bind,ro " + trees_.target("/")}; }
  Lines operator()(const SetHostname& step) const { return {name_line("hostname", step.name)}; }
  Lines operator()(const SetDomainname& step) const { return {name_line("domainname", step.name)}; }
  Lines operator()(const BringUpLoopback&) const { return {"ip link set lo up"}; }
  Lines operator()(const SetSysctl& step) const {
    std::string path = "/proc/sys/";
    for (const char letter : step.sysctl.name) path += letter == '.' ? '/' : letter == '/' ? '.' : letter;
    return {"printf %s " + sh_quote(step.sysctl.value) + " >" + sh_quote(path)};
  }
  Lines operator()(const SetUmask& step) const { return {"umask " + octal(step.mask)}; }
  Lines operator()(const SetRlimit& step) const {
    return {"prlimit --pid $$ --" + step.limit.name + "=" + limit_text(step.limit.soft) + ":" +
            limit_text(step.limit.hard)};
  }
  Lines operator()(const SetNice& step) const {
    if (step.value < 0) note_privilege();
    return {"renice -n " + std::to_string(step.value) + " -p $$ >/dev/null"};
  }
  // Not by `$$`: /proc may show another pid namespace than the one that counts so.
  Lines operator()(const SetOomScoreAdj& step) const {
    if (step.value < 0) note_privilege();
    return {"printf %s " + std::to_string(step.value) + " >/proc/self/oom_score_adj"};
  }
  Lines operator()(const RedirectStream& step) const {
    const std::string path = step.stream.null ? "/dev/null" : sh_quote(step.stream.path);
    if (step.descriptor == 0) return {"exec <" + path};
    return {std::string("exec ") + (step.descriptor == 1 ? "" : "2") + ">>" + path};
  }
  Lines operator()(const Exec&) const { return exec_lines(graph_, process_); }

 private:
  std::string name_line(const char* command, const std::string& name) const {
    if (is_usual_name(name)) return std::string(command) + " " + name;
    return std::string("set_name ") + command + " " + sh_quote(name);
  }
  /// Of several that are started in a user namespace nobody can set it for one before.
  void note_privilege() const {
    const Process* outermost = outermost_in_user(graph_, process_);
    if (outermost != nullptr && only_end(graph_, *outermost) == nullptr)
      reasons_.add("a shell in a user namespace may not raise its priority");
  }
  Lines without(const char* reason) const {
    reasons_.add(reason);
    return {std::string("# not done: ") + reason};
  }

  const ExecutionGraph& graph_;
  const Process& process_;
  const Trees& trees_;
  Reasons& reasons_;
};

}  // namespace

void Reasons::add(std::string reason) {
  for (const std::string& known : reasons_)
    if (known == reason) return;
  reasons_.push_back(std::move(reason));
}

std::span<const Step> set_up_of(const Process& process) {
  std::size_t count = 0;
  while (count < process.steps.size() && child_of(process.steps[count].action) == no_process) ++count;
  return {process.steps.data(), count};
}

Wires wires_of(const ExecutionGraph& graph, const ChainStarts& chains, Reasons& reasons) {
  Wires wires;
  std::vector<int*> needed;
  const auto some = [&](const auto& question) {
    return std::any_of(graph.processes.begin(), graph.processes.end(), question);
  };
  const auto is_mapped = [](const Step& step) { return std::holds_alternative<WriteIdMaps>(step.action); };
  const bool maps =
      some([&](const Process& process) { return std::any_of(process.steps.begin(), process.steps.end(), is_mapped); });
  if (maps || some([](const Process& process) { return process.is_pid1; })) needed.push_back(&wires.pipe);
  if (maps || chains.terminal != no_process) needed.push_back(&wires.input);
  if (!chains.timed.empty())
    for (int* wire : {&wires.report, &wires.proc, &wires.output}) needed.push_back(wire);
  if (!chains.timed.empty() && !chains.is_alone) needed.push_back(&wires.signals);
  for (const Process& process : graph.processes)
    if (joins_after_mounts(graph, process))
      for (const auto& [target, place] : find<Join>(process)->targets)
        wires.joins.emplace_back(opened_to_join(target), 0);
  std::sort(wires.joins.begin(), wires.joins.end());
  wires.joins.erase(std::unique(wires.joins.begin(), wires.joins.end()), wires.joins.end());
  for (auto& [path, wire] : wires.joins) needed.push_back(&wire);
  int next = 9;
  for (int* wire : needed) {
    const auto is_passed_on = [&](const Process& process) {
      const auto* pass = find<PassDescriptors>(process);
      return pass != nullptr && std::find(pass->numbers.begin(), pass->numbers.end(), next) != pass->numbers.end();
    };
    while (some(is_passed_on)) --next;
    if (next < 3) reasons.add("it needs more descriptors than a shell can name");
    *wire = next--;
  }
  return wires;
}

std::vector<std::string> step_lines(const ExecutionGraph& graph, const Process& process, const Trees& trees,
                                    std::size_t step, Reasons& reasons) {
  return std::visit(StepLines(graph, process, trees, reasons), process.steps[step].action);
}

}  // namespace pidns::sh
