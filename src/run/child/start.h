#pragma once

/// The start of an init's children: none goes on before all are made and set up, so that the first ones
/// take no pid that is promised to another, and nothing runs where a set-up fails.

#include "run/child/context.h"

namespace pidns::child {

/// Before a maker's first child: its pipes, where its steps have a StartChildren. 0 or an errno.
int open_start(Context& context, const Process& maker);

/// In a new child: its ends of the maker's pipes become its own.
void become_waiting(Context& context);

/// A child's word to its maker, where that waits for one: it is set up, or it has failed.
void say_ready(const Context& context, bool set_up);

/// Waits for the word of each child, and lets all go on. False where one has failed: then none does.
bool start_children(Context& context, const Process& maker);

}  // namespace pidns::child
