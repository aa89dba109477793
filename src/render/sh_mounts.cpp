/// `mounts` as lines of a script. While a root is built it lies at `$root`, and everything that makes it
/// is still found outside of it.

#include <algorithm>

#include "base/quote.h"
#include "render/phrases.h"
#include "render/sh_parts.h"
#include "spec/mount_word.h"
#include "spec/small_dev.h"

namespace pidns::sh {
namespace {

using Lines = std::vector<std::string>;

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

/// What a pseudo filesystem is mounted with unless the options take it back.
std::vector<std::string> usual_options(const std::string& type) {
  if (type == "proc" || type == "sysfs" || type == "mqueue") return {"nosuid", "nodev", "noexec"};
  if (type == "devpts") return {"nosuid", "noexec"};
  return {};
}

bool is_propagation(const std::string& option) {
  return std::any_of(propagation_words.begin(), propagation_words.end(), [&](const PropagationWord& row) {
    return row.word == option || (option.starts_with('r') && row.word == std::string_view(option).substr(1));
  });
}

std::string make_folder(const std::string& path, unsigned mode) { return "make_folder " + path + " " + octal(mode); }
std::string make_file(const std::string& path, unsigned mode) { return "make_file " + path + " " + octal(mode); }

void add_indented(Lines& lines, const Lines& more) {
  for (const std::string& line : more) lines.push_back("  " + line);
}

/// The lines where the source is there; else none of it is done.
Lines if_there(const Mount& mount, const std::string& source, Lines lines) {
  if (!mount.optional) return lines;
  Lines all{"if [ -e " + source + " ]; then"};
  add_indented(all, lines);
  all.push_back("fi");
  return all;
}

Lines bind_lines(const Mount& mount, const Trees& trees) {
  const std::string source = trees.source(mount.source);
  const std::string target = trees.target(mount.target);
  Lines lines;
  if (mount.create.value_or(false))
    lines.push_back("make_target " + source + " " + target + (mount.mode ? " " + octal(*mount.mode) : ""));
  const bool recursive = has(mount.options, recursive_bind_word);
  Lines words;
  Lines attributes;
  for (const std::string& word : mount.options) {
    if (word == "bind" || word == "defaults" || word == recursive_bind_word) continue;
    (is_propagation(word) ? words : attributes).push_back(word);
  }
  words.insert(words.begin(), recursive ? "rbind" : "bind");
  lines.push_back("mount -o " + sh_quote(joined(words)) + " " + source + " " + target);
  // mount(8) keeps what is locked in a user namespace only where it changes a mount that it finds.
  if (!attributes.empty())
    lines.push_back(recursive ? "each_mount " + target + " " + sh_quote(joined(attributes))
                              : "mount -o " + sh_quote("remount,bind," + joined(attributes)) + " " + target);
  return if_there(mount, source, lines);
}

/// A mount beside, for what is to be bound from there; it keeps its place only so long.
Lines on_scratch(const std::string& mount, Lines lines, const std::string& bind) {
  Lines all{"scratch=$(mktemp -d)", mount + " \"$scratch\""};
  all.insert(all.end(), lines.begin(), lines.end());
  all.push_back(bind);
  all.insert(all.end(), {"umount -l \"$scratch\"", "rmdir \"$scratch\""});
  return all;
}

std::string tmpfs(const std::string& options) { return "mount -t tmpfs -o " + sh_quote(options) + " tmpfs"; }

Lines filesystem_lines(const Mount& mount, const Trees& trees) {
  Lines lines;
  const std::string target = trees.target(mount.target);
  if (mount.create.value_or(false)) lines.push_back(make_folder(target, mount.mode.value_or(0755)));
  std::vector<std::string> options = usual_options(mount.type);
  for (const std::string& option : mount.options)
    if (option != "ro") options.push_back(option);
  const std::string words = options.empty() ? "" : "-o " + sh_quote(joined(options)) + " ";
  const bool is_path = mount.source.starts_with('/');
  const std::string source =
      is_path ? trees.source(mount.source) : sh_quote(mount.source.empty() ? mount.type : mount.source);
  const std::string made_new = "mount -t " + sh_quote(mount.type) + " " + words + source;
  // mount(2) refuses to lay a filesystem over itself, as there is one sysfs only: not to bind it there.
  Lines made{made_new + " " + target};
  if (trees.again.contains(&mount)) made = on_scratch(made_new, {}, "mount --bind \"$scratch\" " + target);
  // The mount, and not the filesystem as a whole.
  if (has(mount.options, "ro")) made.push_back("mount -o remount,bind,ro " + target);
  if (!mount.source.empty()) made = if_there(mount, source, made);
  lines.insert(lines.end(), made.begin(), made.end());
  return lines;
}

Lines file_lines(const Mount& mount, const Trees& trees) {
  const std::string mode = octal(mount.mode.value_or(0444));
  const std::string target = trees.target(mount.target);
  Lines lines{"printf %s " + sh_quote(mount.content) + " >\"$scratch/file\"", "chmod " + mode + " \"$scratch/file\""};
  if (mount.create.value_or(false)) lines.push_back(make_file(target, mount.mode.value_or(0444)));
  return on_scratch(tmpfs("mode=0755"), lines, "mount -o bind,ro,nosuid,nodev \"$scratch/file\" " + target);
}

Lines dev_lines(const Mount& mount, const Trees& trees) {
  const std::string target = trees.target(mount.target);
  std::string names;
  for (const char* name : small_dev_devices) names += std::string(" ") + name;
  Lines lines{"for name in" + names + "; do",
              "  : >\"$scratch/$name\"",
              "  mount --bind " + trees.source("/dev") + "/\"$name\" \"$scratch/$name\"",
              "done",
              "mkdir -m 0755 \"$scratch/pts\" \"$scratch/shm\"",
              "mount -t devpts -o nosuid,noexec,ptmxmode=0666 devpts \"$scratch/pts\"",
              "mount -t tmpfs -o mode=1777 tmpfs \"$scratch/shm\""};
  for (const auto& link : small_dev_links)
    lines.push_back(std::string("ln -s ") + link.text + " \"$scratch/" + link.name + "\"");
  if (mount.create.value_or(false)) lines.push_back(make_folder(target, mount.mode.value_or(0755)));
  std::vector<std::string> options{"nosuid", "nodev", "mode=0755"};
  options.insert(options.end(), mount.options.begin(), mount.options.end());
  return on_scratch(tmpfs(joined(options)), lines, "mount --rbind \"$scratch\" " + target);
}

Lines symlink_lines(const Mount& mount, const Trees& trees) {
  const std::string folder = parent_of(mount.target);
  // The link itself is not followed.
  const std::string target =
      trees.target(folder) + (folder == "/" ? "" : "/") + sh_quote(mount.target.substr(mount.target.rfind('/') + 1));
  Lines lines;
  if (mount.create.value_or(false) && folder != "/") lines.push_back("make_folder " + trees.target(folder) + " 0755");
  lines.push_back("[ \"$(readlink " + target + ")\" = " + sh_quote(mount.source) + " ] || ln -sT -- " +
                  sh_quote(mount.source) + " " + target);
  return lines;
}

}  // namespace

bool mounts(const Process& process) {
  if (find<ChangeRoot>(process) != nullptr || find<MountProcfs>(process) != nullptr) return true;
  if (find<MaskPath>(process) != nullptr || find<ReadOnlyPath>(process) != nullptr) return true;
  if (find<ReadOnlyRoot>(process) != nullptr || find<MakePrivate>(process) != nullptr) return true;
  const auto steps = set_up_of(process);
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    const auto* made = std::get_if<MountFilesystem>(&step.action);
    return made != nullptr && made->mount.type != "dir" && made->mount.type != "symlink";
  });
}

bool joins_after_mounts(const ExecutionGraph& graph, const Process& process) {
  if (find<Join>(process) == nullptr) return false;
  for (const Process* at = &process; at->maker != no_process; at = &graph.process(at->maker))
    if (mounts(graph.process(at->maker))) return true;
  return false;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

Lines mount_lines(const Mount& mount, const Trees& trees) {
  if (mount.type == "bind") return bind_lines(mount, trees);
  if (mount.type == "dir") return {make_folder(trees.target(mount.target), mount.mode.value_or(0755))};
  if (mount.type == "symlink") return symlink_lines(mount, trees);
  if (mount.type == "file") return file_lines(mount, trees);
  if (mount.type == "dev") return dev_lines(mount, trees);
  return filesystem_lines(mount, trees);
}

}  // namespace pidns::sh
