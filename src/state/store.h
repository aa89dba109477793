#pragma once

/// The instances that live, as other programs than their supervisors see them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/run_state.h"
#include "sys/unique_fd.h"

namespace pidns {

/// Empty where no folder for state can be had; `why` then says the reason, and is empty where there
/// just is no instance.
std::string state_folder(std::string* why = nullptr);

/// All live instances by name, those of other pid namespaces too, where `is_here` is false. What a
/// supervisor that is gone left behind is removed, if its pids count here or nowhere any more.
std::vector<RunState> live_instances();

/// Whether the pids of an instance count here. Elsewhere they mean other processes, and nothing may be
/// done by them: who stands around that pid namespace can have them translated (run/look/translate.h).
bool is_here(const RunState& state);

/// One of them by its name.
std::optional<RunState> find_instance(const std::string& name);

/// The same with its file, in which its status will stand when it has ended: see record.h.
struct OpenInstance {
  RunState state;
  UniqueFd file;
};
std::optional<OpenInstance> open_instance(const std::string& name);
std::optional<int> status_in(const OpenInstance& instance);

/// The inode of the pid namespace of this process; 0 where /proc does not tell.
std::uint64_t own_pid_namespace();

/// Whether /proc shows this process by the pid that it has itself: proc(5). Else nothing can be told of pids.
bool proc_counts_as_we_do();
inline constexpr std::string_view proc_counts_others =
    "/proc is missing, or shows another pid namespace than the one we are in";

/// Whether there is a process of this pid that /proc does not show us: mounted with hidepid, proc(5).
bool is_hidden(std::int32_t pid);

/// When the process of a pid of this pid namespace started, in clock ticks since boot as the initial time
/// namespace counts them; 0 where it is gone, dead but not yet reaped, or /proc counts pids otherwise than we do.
std::uint64_t start_time_of(std::int32_t pid);

/// Whether the process that is meant still lives: pid and start time.
bool lives(const ProcessIdentity& identity);

}  // namespace pidns
