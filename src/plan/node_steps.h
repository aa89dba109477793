#pragma once

#include <vector>

#include "plan/inheritance.h"
#include "plan/step.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// The parts of a process's program that a node or a process asks for, each in the one order that
/// the kernel accepts.

/// What the node's first process does to its new mount, uts, net … namespaces.
void add_node_steps(std::vector<Step>& steps, const Node& node, const std::string& spec_directory);

struct ProcessContext {
  const Inheritance* inherited;     ///< The process's own keys already over it.
  const CallerFacts* facts;
  const std::string* spec_directory;
  const std::vector<std::string>* arguments;  ///< To replace the command; null for none.
  bool look_up_cwd_again = false;   ///< Mounts may cover the caller's directory: look it up by its path.
  bool several = false;             ///< Processes in the whole spec.
  bool stdin_is_null = false;       ///< Of several processes only `main` reads the caller's input.
  int tie_signal = 0;               ///< To be set again after a change of ids; 0: none.
};

/// From the process's streams to its Exec.
/// How it is known that it is ready, for a process with `ready`.
Readiness readiness_of(const ProcessSpec& process, ProcessId id, std::shared_ptr<const EnvironmentPlan> environment);

void add_process_steps(std::vector<Step>& steps, const ProcessSpec& process, const ProcessContext& context);

/// An absolute path for one that counts from the spec's directory.
std::string from_spec_directory(const std::string& path, const std::string& spec_directory);

inline Origin origin(const char* key, Place place) { return Origin{key, place, false}; }
inline Origin default_origin(const char* key, Place node) { return Origin{key, node, true}; }
/// What a default asks for stands where the namespaces are asked for.
inline Origin default_origin(const char* key, const Node& node) {
  return Origin{key, node.unshare ? node.unshare.place() : node.join ? node.join.place() : node.place, true};
}

}  // namespace pidns
