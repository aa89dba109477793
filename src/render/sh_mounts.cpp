/// `mounts` as lines of a script.

#include <algorithm>

#include "base/quote.h"
#include "render/phrases.h"
#include "render/sh_parts.h"

namespace pidns::sh {
namespace {

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool has(const std::vector<std::string>& words, const char* word) {
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

std::string if_there(const Mount& mount) { return mount.optional ? "[ ! -e " + sh_quote(mount.source) + " ] || " : ""; }

std::string make_folder(const std::string& path, unsigned mode) {
  return "[ -d " + sh_quote(path) + " ] || mkdir -p -m " + octal(mode) + " " + sh_quote(path);
}

std::vector<std::string> bind_lines(const Mount& mount, Reasons& reasons) {
  std::vector<std::string> lines;
  const std::string source = sh_quote(mount.source);
  const std::string target = sh_quote(mount.target);
  if (mount.create.value_or(false))
    lines.push_back("if [ -d " + source + " ]; then " + make_folder(mount.target, mount.mode.value_or(0755)) +
                    "; else mkdir -p " + sh_quote(parent_of(mount.target)) + "; : >>" + target + "; fi");
  const bool recursive = has(mount.options, "rbind");
  std::vector<std::string> options{recursive ? "rbind" : "bind"};
  for (const std::string& word : mount.options)
    if (word != "bind" && word != "rbind") options.push_back(word);
  if (recursive && options.size() > 1)
    reasons.add("mount(8) sets the options of a recursive bind on its topmost mount alone");
  lines.push_back(if_there(mount) + "mount -o " + sh_quote(joined(options)) + " " + source + " " + target);
  return lines;
}

std::vector<std::string> filesystem_lines(const Mount& mount) {
  std::vector<std::string> lines;
  if (mount.create.value_or(false)) lines.push_back(make_folder(mount.target, mount.mode.value_or(0755)));
  std::vector<std::string> options = usual_options(mount.type);
  options.insert(options.end(), mount.options.begin(), mount.options.end());
  const std::string words = options.empty() ? "" : "-o " + sh_quote(joined(options)) + " ";
  const std::string source = sh_quote(mount.source.empty() ? mount.type : mount.source);
  lines.push_back((mount.source.empty() ? "" : if_there(mount)) + "mount -t " + sh_quote(mount.type) + " " + words +
                  source + " " + sh_quote(mount.target));
  return lines;
}

}  // namespace

std::vector<std::string> mount_lines(const Mount& mount, Reasons& reasons) {
  if (mount.type == "bind") return bind_lines(mount, reasons);
  if (mount.type == "dir") return {make_folder(mount.target, mount.mode.value_or(0755))};
  if (mount.type == "symlink") {
    std::vector<std::string> lines;
    if (mount.create.value_or(false)) lines.push_back("mkdir -p " + sh_quote(parent_of(mount.target)));
    lines.push_back("[ -L " + sh_quote(mount.target) + " ] || ln -s " + sh_quote(mount.source) + " " +
                    sh_quote(mount.target));
    return lines;
  }
  if (mount.type == "file" || mount.type == "dev") {
    reasons.add("a mount of the type `" + mount.type + "` is pidns's own");
    return {"# not done: " + mount_text(mount)};
  }
  return filesystem_lines(mount);
}

}  // namespace pidns::sh
