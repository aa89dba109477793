/// A root of a node's own in a script. It is built at `$root`, with commands of the tree around it, and
/// laid over `/` last: what is started in it need not have mount(8) or env(1). Unlike with pidns the old
/// root stays below it, as below a system that was started from an initramfs.

#include <string_view>
#include <utility>

#include "base/quote.h"
#include "render/phrases.h"
#include "render/sh_parts.h"

namespace pidns::sh {
namespace {

/// Whether a process may mount: its mount namespace is not one of an outer user namespace.
bool may_mount(const ExecutionGraph& graph, const Process& process) {
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker)) {
    if (makes(*at, NamespaceKind::mount)) return true;
    if (makes(*at, NamespaceKind::user)) return false;
  }
  return true;
}

/// Below a root that is a variable: as it stands where no link can be in it, else as `inside` finds it.
std::string in_root(const char* root, const std::string& path, bool holds_own_links) {
  const bool is_plain = holds_own_links && path.find('/', 1) == std::string::npos;
  return is_plain || path == "/" ? root + sh_quote(path)
                                 : std::string("\"$(inside ") + root + " " + sh_quote(path) + ")\"";
}

/// `--userspec` and `--groups` of chroot(1). A number alone would be looked up for its group.
std::string chroot_ids(const SetCredentials& ids) {
  const auto number_or_name = [](const Identity& id) {
    return (std::holds_alternative<std::string>(id) ? "" : "+") + identity_text(id);
  };
  std::string user;
  if (ids.uid) user = sh_quote(number_or_name(*ids.uid));
  std::string words;
  if (ids.gid)
    user += ":" + sh_quote(number_or_name(*ids.gid));
  else if (ids.uid && !std::holds_alternative<std::string>(*ids.uid))
    user += ":\"+$(id -g)\"";
  if (!user.empty()) words += "--userspec=" + user + " ";
  std::string groups;
  if (ids.groups)
    for (const Identity& group : *ids.groups) groups += (groups.empty() ? "" : ",") + number_or_name(group);
  return words + "--groups=" + (groups.empty() ? "" : sh_quote(groups)) + " ";
}

}  // namespace

bool is_below_a_root(const ExecutionGraph& graph, const Process& process) {
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker)) {
    if (joins(*at, NamespaceKind::mount)) return false;
    if (at != &process && find<ChangeRoot>(*at) != nullptr) return true;
  }
  return false;
}

Trees::Trees(const ExecutionGraph& graph, const Process& process)
    : below(is_below_a_root(graph, process)),
      own(find<ChangeRoot>(process) != nullptr),
      laid_over(may_mount(graph, process)) {
  if (const auto* change = find<ChangeRoot>(process)) holds_own_links = change->root.type == Root::Type::tmpfs;
  std::set<std::pair<std::string_view, std::string_view>> filesystems;
  for (const Step& step : set_up_of(process)) {
    const auto* made = std::get_if<MountFilesystem>(&step.action);
    if (made == nullptr) continue;
    const Mount& mount = made->mount;
    if (mount.type == "symlink" && (mount.source.find("..") != std::string::npos || mount.source.starts_with('/')))
      holds_own_links = false;
    if (!filesystems.emplace(mount.type, mount.target).second) again.insert(&mount);
  }
}

std::string Trees::source(const std::string& path) const {
  return below ? in_root(own ? "\"$outer\"" : "\"$root\"", path, false) : sh_quote(path);
}

std::string Trees::target(const std::string& path) const {
  return changed() ? in_root("\"$root\"", path, holds_own_links) : sh_quote(path);
}

std::string Trees::seen(const std::string& path) const {
  const std::string root = laid_over ? "/.." : "\"$root\"";
  return path == "/" ? root : root + sh_quote(path);
}

std::vector<std::string> root_lines(const Root& root, const Trees& trees) {
  std::vector<std::string> lines;
  if (root.type != Root::Type::overlay) lines.emplace_back("root=$(mktemp -d)");
  switch (root.type) {
    case Root::Type::directory:
      lines.push_back("mount --rbind " + trees.source(root.path) + " \"$root\"");
      break;
    case Root::Type::tmpfs: {
      std::string options = "mode=0755";
      for (const std::string& option : root.options) options += "," + option;
      lines.push_back("mount -t tmpfs -o " + sh_quote(options) + " tmpfs \"$root\"");
      break;
    }
    case Root::Type::overlay:
      lines.push_back("root=$(copy_of " + trees.source(root.path) + ")");
      break;
  }
  return lines;
}

std::vector<std::string> lines_to_enter_root(const Trees& trees) {
  std::vector<std::string> lines;
  if (trees.changed() && trees.laid_over) lines.emplace_back("mount --rbind \"$root\" /");
  if (trees.own) lines.emplace_back("umount -l \"$root\"; rmdir \"$root\" 2>/dev/null || :");
  return lines;
}

std::string words_to_enter_root(const Trees& trees, const SetCredentials* ids, const std::string& directory) {
  if (!trees.changed()) return "";
  // By their paths, since the environment is already the command's. Above `/` is what was mounted on it last.
  if (ids != nullptr) return "/usr/sbin/chroot --skip-chdir " + chroot_ids(*ids) + trees.seen("/") + " ";
  return "/usr/bin/nsenter --root=" + trees.seen("/") + " --wd=" + directory + " -- ";
}

std::string words_to_enter_root_by_kernel(const Trees& trees, const std::string& settings,
                                          const std::string& directory) {
  // A locale that is not there would be complained of.
  return "PERL_BADLANG=0 /usr/bin/perl -MPOSIX=uname -e \"$machine\" -e \"$enter_root\" root=" + trees.seen("/") +
         " cwd=" + directory + " " + settings + "-- ";
}

}  // namespace pidns::sh
