#pragma once

/// What makers and their children share: plain data, filled in by the parent side before the first
/// process is made and only read afterwards, but for what is said to be a process's own.

#include <cstddef>
#include <cstdint>

#include "plan/graph.h"
#include "sys/raw.h"

namespace pidns::child {

#if defined(__SANITIZE_ADDRESS__)
#define PIDNS_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PIDNS_ADDRESS_SANITIZER
#endif
#endif

/// Whether a child runs in its maker's memory. Never under the address sanitizer: it knows one stack a
/// thread, and takes the child's for damage.
inline bool shares_memory([[maybe_unused]] const Clone& clone) noexcept {
#ifdef PIDNS_ADDRESS_SANITIZER
  return false;
#else
  return clone.shares_memory;
#endif
}

/// One kind of news about a process, from whoever knows it to the supervisor.
enum class ReportKind : std::uint32_t {
  created,   ///< Sent by the process itself, so that the kernel tells its pid as the supervisor sees it.
  executed,  ///< Its command runs.
  failed,    ///< `number` is an errno (or a Trouble), of `step`.
  ended,     ///< `number` is a wait status as of wait(2); `step` is 1 where the end of its node ended it.
  stopped,   ///< `number` is the signal.
};

/// A record on the SEQPACKET socket.
struct Report {
  ReportKind kind;
  std::uint32_t process;
  std::uint32_t step;
  std::int32_t number;
};

/// Numbers beyond every errno, for what an errno can't say.
enum Trouble : std::int32_t {
  trouble_no_interpreter = 10000,  ///< The file is there; what its `#!` (or its ELF header) names is not.
  trouble_no_full_proc,            ///< EPERM of a procfs in a user namespace.
  trouble_unknown_user,            ///< No such name in the node's passwd.
  trouble_unknown_group,
  trouble_no_source,        ///< ENOENT of a mount's source, not of its target.
  trouble_maker_gone,       ///< Nobody is there to hear it.
  trouble_not_a_namespace,  ///< `join` names a file that is no namespace's.
  trouble_other_kind,       ///< … or one of another kind.
};

/// Everything that an Exec needs, made by the parent side: null-terminated arrays.
struct ExecImage {
  const char* const* argv = nullptr;
  const char* const* envp = nullptr;
  const char* const* candidates = nullptr;  ///< Paths to try in order.
};

/// A command to a process of ours: "signal this process of your subtree". Travels as the value of a
/// queued signal, so that a process of ours needs no descriptor to be told something.
struct Command {
  std::uint32_t process;
  std::uint8_t signal;
};
/// Beyond every signal, in the place of one: what a process is told that waits at its gate. Queued as commands
/// are, it needs no descriptor for each that waits.
enum GateWord : std::uint8_t { gate_opens = 200, gate_gives_up = 201 };
inline constexpr int given_up_status = 125;
inline constexpr int command_signal = 32;  ///< Real-time, and not the C library's to give away.

struct Context {
  const ExecutionGraph* graph = nullptr;
  const ExecImage* images = nullptr;        ///< By process.
  const int* stream_descriptors = nullptr;  ///< Three a process, opened beforehand; -1: none.
  const int* join_descriptors = nullptr;    ///< One a process and kind, opened beforehand; -1: none.
  /// Two a process, for 1 and 2 where these are inherited and go elsewhere than to the caller's; -1: none.
  const int* output_descriptors = nullptr;
  /// The caller's limit of open files, for commands, where it was raised for ourselves; else null.
  const rlimit* caller_nofile = nullptr;
  int terminal = -1;                        ///< Made beforehand for the one process that has its own.
  /// newuidmap(1) and newgidmap(1), run by the supervisor; null in processes of ours further in.
  int (*write_maps_by_helper)(int pid, const WriteIdMaps& maps) = nullptr;

  raw::SignalSet caller_mask = 0;  ///< Of pidns's caller, given back to commands.
  bool caller_ignored_sigchld = false;
  int procfs = -1;          ///< O_PATH of the caller's /proc, where a step needs it.
  std::uint32_t nonce = 0;  ///< Commands carry it: nobody else can know it.
  char* title = nullptr;    ///< The argv and environ area of the kernel's cmdline.
  std::size_t title_size = 0;

  /// Memory shared by all, for when each step was done, and where each process's part begins; null
  /// where nobody asked.
  std::int64_t* times = nullptr;
  const std::size_t* time_slots = nullptr;

  /// Memory shared by all, where each process waits until the supervisor has taken note that it was
  /// created; null where nobody takes note.
  std::uint32_t* heard = nullptr;

  // Own to each process of ours; a fork gets a copy.
  std::int32_t* pids = nullptr;  ///< By process: of the children made here; 0: not here.
  int report_socket = -1;        ///< -1 where nobody but the supervisor makes children.
  int maker_pidfd = -1;          ///< Of the maker of this process.
  int own_pidfd = -1;            ///< Of this process, for its children to look at.

  /// While a node's root is being built: the new root, the old one, and a tmpfs of our own that holds
  /// both; -1 where the node keeps its root.
  bool builds_root = false;
  int new_root = -1;
  int old_root = -1;
  int scratch = -1;

  /// Where a child that shares its maker's memory leaves its failure. Kind `created` means none.
  Report shared_failure{ReportKind::created, 0, 0, 0};
  /// Where a child that has memory of its own waits for its id maps (read end), and its maker's end.
  int sync_child = -1;
  int sync_maker = -1;
  /// An init's pipes with its children: each says there that it is set up, and waits here for the end
  /// of file. A child has the other ends of both.
  int start_read = -1;
  int start_write = -1;
  int ready_read = -1;
  int ready_write = -1;
  int await_start = -1;
  /// The supervisor's, who must hear reports while it waits for a child: else nobody could send one
  /// once the socket is full. Null in every other process.
  void (*hear_reports)(void* supervisor) = nullptr;
  void* supervisor = nullptr;
  int reports = -1;
  /// A holder's end towards the process that `init` names, until that is released.
  int release_maker = -1;
  ProcessId named_init = no_process;
};

}  // namespace pidns::child
