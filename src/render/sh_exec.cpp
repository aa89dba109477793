/// The line of a script that becomes a command: words of setsid(1), setpriv(1) and env(1) before it.

#include <algorithm>

#include "base/capability_name.h"
#include "base/quote.h"
#include "base/signal_name.h"
#include "render/phrases.h"
#include "render/sh_parts.h"
#include "render/words.h"

namespace pidns::sh {
namespace {

template <class T>
const T* find(const Process& process) {
  for (const Step& step : process.steps)
    if (const auto* found = std::get_if<T>(&step.action)) return found;
  return nullptr;
}

/// Whether unshare(1) has denied setgroups(2) to a process: where it wrote the maps.
bool is_denied_setgroups(const ExecutionGraph& graph, const Process& process) {
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker))
    if (const auto* unshare = find<Unshare>(*at))
      if (unshare->kinds.has(NamespaceKind::user)) return true;
  return false;
}

std::string group_words(const SetCredentials& ids, bool denied) {
  if (!ids.groups || denied) return "--keep-groups ";
  if (ids.groups->empty()) return "--clear-groups ";
  std::string list;
  for (const Identity& group : *ids.groups) list += (list.empty() ? "" : ",") + identity_text(group);
  return "--groups=" + sh_quote(list) + " ";
}

std::string id_words(const SetCredentials& ids, bool denied) {
  std::string words;
  if (ids.uid) words += "--reuid=" + sh_quote(identity_text(*ids.uid)) + " ";
  if (ids.gid)
    words += "--regid=" + sh_quote(identity_text(*ids.gid)) + " ";
  else if (ids.uid && std::holds_alternative<std::string>(*ids.uid))
    words += "--regid=\"$(id -g " + sh_quote(identity_text(*ids.uid)) + ")\" ";
  return words + group_words(ids, denied);
}

/// `-all,+net_raw`, as setpriv(1) names them.
std::string capability_list(std::uint64_t keep) {
  std::string list = "-all";
  for (unsigned number = 0; number < 64; ++number) {
    if ((keep >> number & 1U) == 0) continue;
    std::string name = capability_name(number);
    if (name.starts_with("CAP_")) name.erase(0, 4);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    list += ",+" + name;
  }
  return list;
}

/// A change of ids clears the tie; setpriv(1) ties after it.
int tie_after_ids(const Process& process) {
  int signal = 0;
  bool changed = false;
  for (const Step& step : process.steps) {
    changed = changed || std::holds_alternative<SetCredentials>(step.action);
    if (const auto* tie = std::get_if<TieToMaker>(&step.action); tie != nullptr && changed) signal = tie->signal;
  }
  return signal;
}

std::string privilege_words(const ExecutionGraph& graph, const Process& process, Reasons& reasons) {
  std::string words;
  if (const auto* ids = find<SetCredentials>(process)) words += id_words(*ids, is_denied_setgroups(graph, process));
  if (const auto* set = find<SetCapabilities>(process)) {
    if (~set->keep == 0) {
      reasons.add("setpriv(1) has no word for keeping whatever capabilities there are");
    } else {
      const std::string list = capability_list(set->keep);
      for (const char* option : {"--bounding-set=", "--inh-caps=", "--ambient-caps="}) words += option + list + " ";
    }
  }
  if (find<SetNoNewPrivs>(process) != nullptr) words += "--no-new-privs ";
  if (const int tie = tie_after_ids(process)) words += "--pdeathsig " + signal_name(tie).substr(3) + " ";
  return words.empty() ? "" : "setpriv " + words + "-- ";
}

bool is_shell_name(const std::string& name) {
  const auto letter = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto later = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), later);
}

std::string kept_words(const EnvironmentPlan& plan, Reasons& reasons) {
  std::string words = "-i ";
  for (const std::string& name : plan.keep) {
    const bool is_taken_away = std::any_of(plan.entries.begin(), plan.entries.end(), [&](const auto& entry) {
      return entry.name == name && !entry.value;
    });
    if (is_taken_away) continue;
    if (is_shell_name(name))
      words += "${" + name + "+\"" + name + "=$" + name + "\"} ";
    else
      reasons.add("env(1) keeps no variables by pattern");
  }
  return words;
}

std::string environment_words(const ExecutionGraph& graph, const Process& process, const EnvironmentPlan& plan,
                              Reasons& reasons) {
  std::string words = "env ";
  // env(1) takes no option behind an assignment, and where all is cleared there is nothing to take away.
  if (plan.clear) words += kept_words(plan, reasons);
  for (const auto& entry : plan.entries)
    if (!entry.value && !plan.clear) words += "-u " + sh_quote(entry.name) + " ";
  for (const auto& entry : plan.entries)
    if (entry.value) words += sh_quote(entry.name + "=" + *entry.value) + " ";
  return words + sh_quote("PIDNS_NAME=" + graph.name) + " " + sh_quote("PIDNS_PATH=" + process.address) + " ";
}

}  // namespace

std::string exec_line(const ExecutionGraph& graph, const Process& process, Reasons& reasons) {
  const auto* exec = find<Exec>(process);
  if (exec == nullptr) return "";
  if (exec->argv0) reasons.add("a POSIX shell has no word for another argv[0]");
  std::string words = "exec ";
  if (find<NewSession>(process) != nullptr) words += "setsid --wait ";
  words += privilege_words(graph, process, reasons);
  words += environment_words(graph, process, *exec->environment, reasons);
  for (const std::string& word : exec->argv) words += sh_quote(word) + " ";
  words.pop_back();
  return words;
}

}  // namespace pidns::sh
