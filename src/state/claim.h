#pragma once

/// The name of an instance, claimed before its first process is made, and free again as soon as the
/// claimer is gone, however it went.
///
/// It is claimed in two steps. At once among the abstract sockets (name_socket.h), which costs next to
/// nothing; and by a record lock (fcntl(2), F_SETLK) on `NAME.json`, once there is a state to be written,
/// since files cost many times as much. The lock belongs to this process alone: a forked child does not
/// hold it, and the kernel drops it with SIGKILL, too. So whether an instance lives is one question to
/// the kernel, which can be asked from any pid namespace. Nobody removes or replaces a file of that name
/// without holding its lock.

#include <sys/types.h>

#include <string>

#include "state/folder.h"

namespace pidns {

enum class ClaimResult : unsigned char {
  claimed,
  in_use,     ///< By somebody else.
  no_folder,  ///< There is none for state.
};

class NameClaim {
 public:
  NameClaim() = default;
  NameClaim(const NameClaim&) = delete;
  NameClaim& operator=(const NameClaim&) = delete;
  /// Gives the name back where `finish` has not.
  ~NameClaim();

  /// `exact`: this name or none; else the first of `name`, `name-2`, `name-3`, … that is free. With
  /// `by_file` both steps are taken at once; else `publish` takes the second.
  ClaimResult claim(const std::string& name, bool exact, bool by_file);

  /// What was claimed; empty without a claim.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Of ClaimResult::in_use: who has it; 0 where this pid namespace does not see it.
  [[nodiscard]] pid_t holder() const noexcept { return holder_; }
  /// Of ClaimResult::no_folder: the reason.
  [[nodiscard]] const std::string& problem() const noexcept { return folder_.problem; }

  /// The file for a detached run's output, made empty; its path goes into RunState::log.
  [[nodiscard]] std::string log_path() const { return path(".log"); }
  UniqueFd open_log();
  [[nodiscard]] std::string state_path() const { return path(".json"); }

  /// The state, all at once: written aside, then renamed over the claim. ClaimResult::in_use where
  /// somebody has the file, such as who sweeps what was left by another, for a moment: call it again
  /// later. ClaimResult::no_folder, and errno, where it is not possible.
  ClaimResult publish(const std::string& text);

  /// Tells those who wait the status, and removes all that was written.
  void finish(int status) noexcept;

 private:
  ClaimResult try_name(const std::string& name, bool by_file);
  ClaimResult lock_file(const std::string& name);
  bool is_taken_by_file(const std::string& name);
  [[nodiscard]] std::string path(const char* ending) const;

  StateFolder folder_;  ///< Open only while a name is claimed: its file then keeps it.
  UniqueFd socket_;
  UniqueFd file_;  ///< Locked. No other descriptor of this file may be closed here: that drops the lock.
  std::string name_;
  pid_t holder_ = 0;
  bool published_ = false;
  bool has_log_ = false;
};

}  // namespace pidns
