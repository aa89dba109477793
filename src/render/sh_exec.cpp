/// The line of a script that becomes a command: words of setsid(1), setpriv(1) and env(1) before it.

#include <algorithm>
#include <set>

#include "base/capability_name.h"
#include "base/quote.h"
#include "render/phrases.h"
#include "render/sh_parts.h"
#include "render/words.h"

namespace pidns::sh {
namespace {

std::string group_list(const std::vector<Identity>& groups) {
  std::string list;
  for (const Identity& group : groups) list += (list.empty() ? "" : ",") + identity_text(group);
  return sh_quote(list);
}

std::string group_words(const SetCredentials& ids, bool denied, bool may_be_denied) {
  if (!ids.groups || denied) return "--keep-groups ";
  if (ids.groups->empty() && ids.groups_may_stay && may_be_denied)
    return "\"$(grep -q deny /proc/self/setgroups && echo --keep-groups || echo --clear-groups)\" ";
  if (ids.groups->empty()) return "--clear-groups ";
  return "--groups=" + group_list(*ids.groups) + " ";
}

std::string id_words(const SetCredentials& ids, bool denied, bool may_be_denied) {
  std::string words;
  if (ids.uid) words += "--reuid=" + sh_quote(identity_text(*ids.uid)) + " ";
  if (ids.gid)
    words += "--regid=" + sh_quote(identity_text(*ids.gid)) + " ";
  else if (ids.uid && std::holds_alternative<std::string>(*ids.uid))
    words += "--regid=\"$(id -g " + sh_quote(identity_text(*ids.uid)) + ")\" ";
  return words + group_words(ids, denied, may_be_denied);
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

bool keeps_all_capabilities(const Process& process) {
  const auto* set = find<SetCapabilities>(process);
  return set != nullptr && ~set->keep == 0;
}

/// Every capability that the shell has, by number. (setpriv --dump would take those of the process that has
/// the shell's pid in /proc, which may be another one's there.)
std::vector<std::string> all_capabilities_lines(const Process& process) {
  if (!keeps_all_capabilities(process)) return {};
  return {"all='' bit=0 mask=$((0x$(sed -n 's/^CapPrm:.//p' /proc/self/status)))",
          "while [ $((mask >> bit)) != 0 ]; do", "  [ $((mask >> bit & 1)) = 0 ] || all=$all,+cap_$bit",
          "  bit=$((bit + 1))", "done"};
}

std::string capability_words(const ExecutionGraph& graph, const Process& process) {
  const auto* set = find<SetCapabilities>(process);
  if (set == nullptr) return keeps_capabilities_of_user(graph, process) ? "--inh-caps=-all --ambient-caps=-all " : "";
  const std::string list = capability_list(set->keep);
  if (keeps_all_capabilities(process)) return "--inh-caps=\"-all$all\" --ambient-caps=\"-all$all\" ";
  return "--bounding-set=" + list + " --inh-caps=" + list + " --ambient-caps=" + list + " ";
}

std::string setpriv(const std::string& words) { return words.empty() ? "" : "setpriv " + words + "-- "; }

bool is_shell_name(const std::string& name) {
  const auto letter = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto later = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), later);
}

/// What holds `NAME=value` of a variable whose name is none for a shell, which loses it.
std::string variable_for(const std::string& name) {
  std::string variable = "pidns_kept_";
  for (const char c : name) {
    constexpr const char* digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c != '_' && is_shell_name(std::string("a") + c))
      variable += c;
    else
      variable += {'_', digits[byte >> 4U], digits[byte & 15U]};
  }
  return variable;
}

/// A pattern of grep(1) for the variable of that name.
std::string grep_words(const std::string& name) {
  std::string pattern = "^";
  for (const char c : name)
    pattern += (std::string_view(".[]*^$\\").find(c) == std::string_view::npos ? "" : "\\") + std::string(1, c);
  return sh_quote(pattern + "=");
}

bool is_pattern(const std::string& name) { return !name.empty() && name.back() == '*'; }

bool is_taken_away(const EnvironmentPlan& plan, const std::string& name) {
  return std::any_of(plan.entries.begin(), plan.entries.end(),
                     [&](const auto& entry) { return entry.name == name && !entry.value; });
}

/// Of the variables that match a pattern the names are known to env(1) alone, and when the script runs.
/// What is no name for a shell is passed over: eval would run what it says.
std::vector<std::string> keep_lines(const EnvironmentPlan& plan) {
  std::string patterns;
  std::string others = "*[!A-Za-z0-9_]* | [0-9]*";
  for (const std::string& name : plan.keep)
    if (is_pattern(name)) patterns += (patterns.empty() ? "" : " | ") + sh_quote(name.substr(0, name.size() - 1)) + "*";
  if (!plan.clear || patterns.empty()) return {};
  for (const auto& entry : plan.entries) others += " | " + sh_quote(entry.name);
  return {"set --  # what is kept of the environment",
          "for name in $(env -0 | tr '\\n\\0' ' \\n' | sed 's/=.*//'); do",
          "  case $name in",
          "  " + others + ") ;;",
          "  " + patterns + ") eval \"set -- \\\"\\$@\\\" \\\"$name=\\$$name\\\"\" ;;",
          "  esac",
          "done"};
}

std::string kept_words(const EnvironmentPlan& plan) {
  std::string words = "-i ";
  bool by_pattern = false;
  for (const std::string& name : plan.keep) {
    if (is_taken_away(plan, name)) continue;
    if (is_pattern(name))
      by_pattern = true;
    else if (is_shell_name(name))
      words += "${" + name + "+\"" + name + "=$" + name + "\"} ";
    else
      words += "${" + variable_for(name) + ":+\"$" + variable_for(name) + "\"} ";
  }
  return words + (by_pattern ? "\"$@\" " : "");
}

/// Where the command shall be, quoted; empty where it stays where the script is.
std::string directory_of(const Process& process, const Trees& trees) {
  const auto* change = find<ChangeDirectory>(process);
  if (change == nullptr) return trees.changed() ? trees.seen("/") : "";
  const std::string path = trees.changed() ? trees.seen(change->path) : sh_quote(change->path);
  const std::string other = trees.changed() ? trees.seen("/") : "/";
  if (!change->or_root) return path;
  return "\"$([ -x " + path + "/. ] && echo " + path + " || echo " + other + ")\"";
}

std::string environment_words(const ExecutionGraph& graph, const Process& process, const EnvironmentPlan& plan) {
  std::string words;
  // env(1) takes no option behind an assignment, and where all is cleared there is nothing to take away.
  if (plan.clear) words += kept_words(plan);
  for (const auto& entry : plan.entries)
    if (!entry.value && !plan.clear) words += "-u " + sh_quote(entry.name) + " ";
  for (const auto& entry : plan.entries)
    if (entry.value) words += sh_quote(entry.name + "=" + *entry.value) + " ";
  words += sh_quote("PIDNS_NAME=" + graph.name) + " " + sh_quote("PIDNS_PATH=" + process.address) + " ";
  return words + (process.replica == 0 ? "" : "PIDNS_REPLICA=" + std::to_string(process.replica) + " ");
}

/// Whether the environment has no PATH: env(1) would then look into fewer folders than pidns does.
bool has_no_path(const EnvironmentPlan& plan) {
  bool has = !plan.clear;
  for (const std::string& name : plan.keep)
    has =
        has || name == "PATH" || (is_pattern(name) && std::string("PATH").starts_with(name.substr(0, name.size() - 1)));
  for (const auto& entry : plan.entries)
    if (entry.name == "PATH") has = entry.value.has_value();
  return !has;
}

/// bash(1) gives a program another argv[0], looks for it where pidns does without a PATH, and takes a name
/// with `=` for that of a program. What it adds to the environment on its own is taken back: an array is
/// never exported.
std::string bash_words(const Exec& exec) {
  const EnvironmentPlan& plan = *exec.environment;
  const bool looks_around = has_no_path(plan) && exec.argv.front().find('/') == std::string::npos;
  const bool is_assignment = exec.argv.front().find('=') != std::string::npos;
  if (!exec.argv0 && !looks_around && !is_assignment) return "";
  const std::string level = "unset SHLVL; declare -A SHLVL; ";
  const std::string tidy = plan.clear ? "unset PWD OLDPWD; " + level : "[ $SHLVL != 1 ] || { " + level + "}; ";
  return "/bin/bash -c " + sh_quote(tidy + "exec -a \"$0\" \"$@\"") + " " +
         sh_quote(exec.argv0.value_or(exec.argv.front())) + " ";
}

/// Options of setpriv(1) where the script's shells are; in a root of the node's own chroot(1) changes ids.
struct Privileges {
  std::string outside;
  const SetCredentials* by_chroot = nullptr;
  bool by_kernel = false;  ///< Neither can: setpriv(1) would be looked for in that root.
};

Privileges privileges_of(const ExecutionGraph& graph, const Process& process, const Trees& trees) {
  Privileges privileges;
  const auto* ids = find<SetCredentials>(process);
  const std::string words = capability_words(graph, process);
  const bool denied = is_denied_setgroups(graph, process);
  const bool may_be_denied = may_be_denied_setgroups(graph, process);
  if (find<SetNoNewPrivs>(process) != nullptr) privileges.outside = "--no-new-privs ";
  if (trees.changed()) {
    const bool can_chroot = words.empty() && trees.laid_over && !denied && !may_be_denied;
    privileges.by_chroot = can_chroot ? ids : nullptr;
    privileges.by_kernel = !can_chroot && (ids != nullptr || !words.empty());
    return privileges;
  }
  if (const int tie = tie_after_ids(process)) privileges.outside += "--pdeathsig " + signal_word(tie) + " ";
  privileges.outside = (ids != nullptr ? id_words(*ids, denied, may_be_denied) : "") + words + privileges.outside;
  return privileges;
}

/// What `enter_root` is to do before it executes the command.
std::string settings_words(const ExecutionGraph& graph, const Process& process, const Exec& exec) {
  std::string words;
  const auto* ids = find<SetCredentials>(process);
  if (ids != nullptr && ids->uid) words += "uid=" + sh_quote(identity_text(*ids->uid)) + " ";
  if (ids != nullptr && ids->gid) words += "gid=" + sh_quote(identity_text(*ids->gid)) + " ";
  if (ids != nullptr && ids->groups && !is_denied_setgroups(graph, process)) {
    const std::string list = ids->groups->empty() ? "" : group_list(*ids->groups);
    words += "groups=" + list + (ids->groups_may_stay ? " groups-may-stay=1 " : " ");
  }
  if (const auto* set = find<SetCapabilities>(process); set != nullptr)
    words += "capabilities=" + (keeps_all_capabilities(process) ? "all" : std::to_string(set->keep)) + " ";
  else if (keeps_capabilities_of_user(graph, process))
    words += "inheritable=0 ";
  if (const int tie = tie_after_ids(process)) words += "pdeathsig=" + std::to_string(tie) + " ";
  if (exec.argv0) words += sh_quote("argv0=" + *exec.argv0) + " ";
  return words;
}

}  // namespace

std::string lines_to_keep_variables(const ExecutionGraph& graph) {
  std::set<std::string> names;
  for (const Process& process : graph.processes)
    if (const auto* exec = find<Exec>(process); exec != nullptr && exec->environment->clear)
      for (const std::string& name : exec->environment->keep)
        if (!is_pattern(name) && !is_shell_name(name)) names.insert(name);
  std::string text;
  for (const std::string& name : names) {
    const std::string variable = variable_for(name);
    text += variable + "=$(grep -z " + grep_words(name) + " /proc/$$/environ | tr -d '\\0'; echo .) " + variable +
            "=${" + variable + "%.}\nexport " + variable + "\n";
  }
  return text.empty() ? "" : "# what a shell does not take over, since it could not be called so there\n" + text;
}

std::vector<std::string> exec_lines(const ExecutionGraph& graph, const Process& process) {
  const auto* exec = find<Exec>(process);
  if (exec == nullptr) return {};
  const Trees trees(graph, process);
  const std::string directory = directory_of(process, trees);
  const Privileges privileges = privileges_of(graph, process, trees);
  const std::string by_bash = bash_words(*exec);
  const bool by_kernel = privileges.by_kernel || (trees.changed() && !by_bash.empty());
  std::vector<std::string> lines;
  if (!by_kernel) lines = all_capabilities_lines(process);
  for (std::string& line : keep_lines(*exec->environment)) lines.push_back(std::move(line));
  for (std::string& line : lines_to_enter_root(trees)) lines.push_back(std::move(line));
  const std::string session = find<NewSession>(process) != nullptr ? "setsid --wait " : "";
  const std::string between = session + setpriv(privileges.outside);
  // An option of env(1): the shell's own cd would leave its mark in PWD and OLDPWD. It comes before the ids
  // change, as the new ones may not be let in there. (nsenter(1) has an option of its own.)
  const bool by_env = !directory.empty() && (!trees.changed() || (privileges.by_chroot != nullptr && !by_kernel));
  const std::string option = by_env ? "--chdir=" + directory + " " : "";
  std::string words = "exec ";
  words += between.empty() || option.empty() ? between + "env " + option : "env " + option + between + "env ";
  words += environment_words(graph, process, *exec->environment);
  if (by_kernel)
    words += words_to_enter_root_by_kernel(trees, settings_words(graph, process, *exec), directory);
  else
    words += words_to_enter_root(trees, privileges.by_chroot, directory) + by_bash;
  for (const std::string& word : exec->argv) words += sh_quote(word) + " ";
  words.pop_back();
  lines.push_back(words);
  return lines;
}

}  // namespace pidns::sh
