#pragma once

/// The plan as a picture's parts, before anybody asks in which language it is drawn: boxes for nodes,
/// one lane a process, from the step that makes a process a line to its lane, and from a process a
/// line to the step that waits for it.

#include <optional>
#include <string>
#include <vector>

#include "plan/graph.h"

namespace pidns {

/// What a step waits for.
struct LaneWait {
  ProcessId awaited{};
  std::string words;  ///< `ready`.
};

/// One step of a lane.
struct LaneRow {
  std::string words;
  std::string key;               ///< `hostname`, `propagation (default)`; empty where none asked.
  ProcessId child = no_process;  ///< Whom it makes.
  bool is_default = false;
  std::vector<LaneWait> waits{};  ///< For each command that it waits for.
};

struct Lane {
  ProcessId id{};
  std::string title;  ///< `pidns`, `ns1: init, PID 1`, `ns1/web`.
  std::vector<LaneRow> rows;
};

/// A node of the spec.
struct Box {
  NodeId id{};
  std::string title;      ///< `ns1: new pid, mount`.
  bool is_plain = false;  ///< It lives in the namespaces around it.
  std::vector<Box> boxes;
  std::vector<Lane> lanes;
};

struct Picture {
  std::vector<Lane> outside;  ///< In the caller's namespaces: pidns, and who enters for the root.
  Box root;
};

Picture picture_of(const ExecutionGraph& graph);

/// In preorder of the boxes: every lane.
template <class F>
void each_lane(const Box& box, F&& f) {
  for (const Lane& lane : box.lanes) f(lane);
  for (const Box& inner : box.boxes) each_lane(inner, f);
}
template <class F>
void each_lane(const Picture& picture, F&& f) {
  for (const Lane& lane : picture.outside) f(lane);
  each_lane(picture.root, f);
}

}  // namespace pidns
