#include "state/folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "base/error_text.h"

namespace pidns {
namespace {

/// Empty where the folder is ours alone.
std::string why_not_trusted(int folder) {
  struct stat found {};
  if (::fstat(folder, &found) < 0) return error_text(errno);
  if (found.st_uid != ::geteuid()) return "it belongs to uid " + std::to_string(found.st_uid);
  if ((found.st_mode & 022) != 0) return "others may write to it";
  return {};
}

}  // namespace

std::string runtime_directory() {
  // A path that is not absolute shall be ignored: XDG Base Directory Specification.
  const char* runtime = ::getenv("XDG_RUNTIME_DIR");
  return runtime != nullptr && runtime[0] == '/' ? runtime : "/run";
}

StateFolder open_state_folder(bool create) {
  StateFolder folder{runtime_directory() + "/pidns", UniqueFd(), {}};
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  // The last instance may remove it between our making and our opening it.
  for (int tries = 0; tries < 100; ++tries) {
    folder.descriptor.reset(::open(folder.path.c_str(), flags));
    if (folder.descriptor || errno != ENOENT || !create) break;
    if (::mkdir(folder.path.c_str(), 0700) < 0 && errno != EEXIST) break;
  }
  if (!folder.descriptor) {
    const bool missing = errno == ENOENT && !create;
    if (!missing) folder.problem = folder.path + ": " + error_text(errno);
    return folder;
  }
  if (const std::string why = why_not_trusted(folder.descriptor.get()); !why.empty()) {
    folder.problem = folder.path + " is not trusted: " + why;
    folder.descriptor.reset();
  }
  return folder;
}

void remove_state_folder_if_empty(const StateFolder& folder) noexcept { ::rmdir(folder.path.c_str()); }

}  // namespace pidns
