#pragma once

#include <vector>

#include "plan/graph.h"
#include "plan/verify.h"
#include "spec/spec.h"

namespace pidns {

/// supervisor-first, made-once, ends-once: a tree of processes, each made by one step of its maker.
void verify_structure(const ExecutionGraph& graph, std::vector<Violation>& violations);

/// order, tie-first, tie-again, one-pid-unshare-per-fork, new-once, proc-in-new-pid, own-namespace,
/// propagation-first, private-target, old-root-detached, maps-awaited, time-entered, released, started,
/// shares-memory.
void verify_steps(const ExecutionGraph& graph, std::vector<Violation>& violations);

/// gate-opens, gate-waits, gate-awaits, gate-cycle.
void verify_gates(const ExecutionGraph& graph, std::vector<Violation>& violations);

/// gate-as-written: each process waits for what its `depends-on` names, in the state that it names, and for
/// nothing else. ready-as-written: it is ready when the spec says so. Of a graph whose gates are right.
void verify_conditions(const ExecutionGraph& graph, const Spec& spec, std::vector<Violation>& violations);

/// complete: every key of every node has the steps that it asks for, and no other has.
/// pid1-is-known: who is the first of a new pid namespace is marked as it, since signals reach it otherwise.
void verify_against_spec(const ExecutionGraph& graph, const Spec& spec, const CallerFacts& facts,
                         std::vector<Violation>& violations);

/// The namespaces that are new in a process: of the clone that made it, of its launcher, of its own
/// unshare.
std::vector<NamespaceSet> new_namespaces(const ExecutionGraph& graph);

}  // namespace pidns
