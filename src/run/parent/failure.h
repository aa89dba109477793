#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"
#include "plan/graph.h"
#include "run/child/context.h"

namespace pidns {

/// What a Failed report says, for people: place, step, reason in words, what to do, what was undone.
std::string failure_text(const ExecutionGraph& graph, const SourceFile& source, const child::Report& report,
                         const std::string& undone, TextStyle style);

/// The same in one line, without the place: `ns1: mount proc on /proc: Operation not permitted`.
std::string failure_line(const ExecutionGraph& graph, const child::Report& report);

/// 126 or 127 for an Exec that did not succeed.
int exec_status(int error) noexcept;

/// strerror without a locale: the C library's English words.
std::string error_words(int error);

/// One message on standard error; nothing where it can't be written.
void say(const std::string& text) noexcept;
/// From now on `say` writes there instead.
void say_to(int descriptor) noexcept;

}  // namespace pidns
