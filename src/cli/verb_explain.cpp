#include <unistd.h>

#include "cli/output.h"
#include "cli/verbs.h"
#include "explain/pages.h"

namespace pidns::cli {

int verb_explain(const Command& command, const ParsedArguments& parsed) {
  std::vector<const CodeInfo*> asked;
  for (const std::string& word : parsed.operands) {
    const CodeInfo* code = find_code(word);
    if (code == nullptr) return refuse_usage(command, "there is no code `" + word + "`; `pidns explain` lists them");
    asked.push_back(code);
  }
  const TextStyle style = text_style(STDOUT_FILENO, color_choice(parsed.value(option::color, "auto")));
  std::string text;
  if (parsed.value(option::pages_format, "text") == "json") {
    if (asked.empty())
      for (const CodeInfo& code : codes()) asked.push_back(&code);
    text = explain_json(asked);
  } else if (asked.empty()) {
    text = explain_list(style);
  } else {
    for (const CodeInfo* code : asked) text += (text.empty() ? "" : "\n") + explain_text(*code, style);
  }
  return write_output(text) ? 0 : command.usage_status;
}

}  // namespace pidns::cli
