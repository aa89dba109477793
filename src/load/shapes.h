#pragma once

/// The shapes that rows of the table of fields name.

#include "load/fields.h"
#include "load/shape.h"

namespace pidns::shapes {

using shape::Least;

inline constexpr std::string_view name_pattern = "^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$";

inline constexpr Shape anything{shape::Anything{}};
inline constexpr Shape boolean{shape::Boolean{}};
inline constexpr Shape null{shape::Null{}};
inline constexpr Shape number{shape::Number{}};
inline constexpr Shape text{shape::Text{}};
inline constexpr Shape filled{shape::Text{"", 1}};
inline constexpr Shape absolute_path{shape::Text{"^/"}};
inline constexpr Shape octal{shape::Text{"^0{0,4}[0-7]{1,4}$", 1, 5}};
inline constexpr Shape umask{shape::Text{"^0{0,4}[0-7]{1,3}$", 1, 5}};
inline constexpr Shape name{shape::Text{name_pattern}};
inline constexpr Shape hostname{shape::Text{"", 1, longest_hostname}};
inline constexpr Shape version{shape::Whole{{language_version, language_version}}};
inline constexpr Shape signal{shape::SignalWord{}};
inline constexpr Shape capability{shape::CapabilityWord{}};
inline constexpr Shape signed_time{shape::Time{Least::negative}};
inline constexpr Shape time{shape::Time{Least::zero}};
inline constexpr Shape positive_time{shape::Time{Least::positive}};

inline constexpr Shape kind{shape::Word{vocabulary::kinds}};
inline constexpr Shape all{shape::Word{vocabulary::all}};
inline constexpr Shape propagation{shape::Word{vocabulary::propagation}};
inline constexpr Shape hidepid{shape::Word{vocabulary::hidepid}};
inline constexpr Shape subset{shape::Word{vocabulary::subset}};
inline constexpr Shape id_map_word{shape::Word{vocabulary::id_map}};
inline constexpr Shape setgroups{shape::Word{vocabulary::setgroups}};
inline constexpr Shape root_type{shape::Word{vocabulary::root_type}};
inline constexpr Shape terminal{shape::Word{vocabulary::terminal}};
inline constexpr Shape stream_word{shape::Word{vocabulary::stream}};
inline constexpr Shape unlimited{shape::Word{vocabulary::unlimited}};
inline constexpr Shape condition{shape::Word{vocabulary::condition}};

inline constexpr Shape id{shape::Whole{range::id}};
inline constexpr Shape id_count{shape::Whole{range::id_count}};
inline constexpr Shape pid{shape::Whole{range::pid}};
inline constexpr Shape nice{shape::Whole{range::nice}};
inline constexpr Shape oom_score_adj{shape::Whole{range::oom_score_adj}};
inline constexpr Shape replicas{shape::Whole{range::replicas}};
inline constexpr Shape descriptor{shape::Whole{range::passed_descriptor}};
inline constexpr Shape limit_number{shape::Whole{range::limit}};
inline constexpr Shape port{shape::Whole{range::port}};

inline constexpr Shape texts{shape::ListOf{&filled}};
inline constexpr Shape absolute_paths{shape::ListOf{&absolute_path}};

inline constexpr Shape kinds{shape::ListOf{&kind, 1, true}};
inline constexpr const Shape* unshare_shapes[] = {&kind, &all, &kinds};
inline constexpr Shape unshare{shape::OneOf{unshare_shapes}};
inline constexpr const Shape* join_shapes[] = {&pid, &filled};
inline constexpr Shape join_target{shape::OneOf{join_shapes}};
inline constexpr Shape join{shape::MapOf{&join_target, vocabulary::kinds, "", 1}};

inline constexpr Shape mount_proc_keys{shape::KeysOf{Level::mount_proc}};
inline constexpr const Shape* mount_proc_shapes[] = {&boolean, &absolute_path, &mount_proc_keys};
inline constexpr Shape mount_proc{shape::OneOf{mount_proc_shapes}};
inline constexpr const Shape* kill_child_shapes[] = {&boolean, &signal};
inline constexpr Shape kill_child{shape::OneOf{kill_child_shapes}};
inline constexpr const Shape* init_shapes[] = {&boolean, &name};
inline constexpr Shape init{shape::OneOf{init_shapes}};

inline constexpr Shape extent_keys{shape::KeysOf{Level::id_extent}};
inline constexpr Shape extents{shape::ListOf{&extent_keys, 1}};
inline constexpr const Shape* id_map_shapes[] = {&id_map_word, &extents};
inline constexpr Shape id_map{shape::OneOf{id_map_shapes}};
inline constexpr const Shape* identity_shapes[] = {&id, &filled};
inline constexpr Shape identity{shape::OneOf{identity_shapes}};
inline constexpr Shape identities{shape::ListOf{&identity}};
inline constexpr Shape capability_list{shape::ListOf{&capability}};
inline constexpr const Shape* capabilities_shapes[] = {&all, &capability_list};
inline constexpr Shape capabilities{shape::OneOf{capabilities_shapes}};

inline constexpr Shape root_keys{shape::KeysOf{Level::root_tree}};
inline constexpr const Shape* root_shapes[] = {&filled, &root_keys};
inline constexpr Shape root{shape::OneOf{root_shapes}};
inline constexpr Shape mount_keys{shape::KeysOf{Level::mount}};
inline constexpr Shape mount_type_word{shape::Word{vocabulary::mount_type}};
inline constexpr const Shape* mount_type_shapes[] = {&mount_type_word, &filled};
inline constexpr Shape mount_type{shape::OneOf{mount_type_shapes}};
inline constexpr Shape mounts{shape::ListOf{&mount_keys}};
inline constexpr const Shape* argument_shapes[] = {&text, &number};
inline constexpr Shape argument{shape::OneOf{argument_shapes}};
inline constexpr Shape sysctls{shape::MapOf{&argument, {}, "^[^.](?!.*\\.\\.)"}};

inline constexpr Shape node_keys{shape::KeysOf{Level::node}};
inline constexpr Shape namespaces{shape::MapOf{&node_keys, {}, name_pattern, 1}};
inline constexpr Shape process_keys{shape::KeysOf{Level::process}};
inline constexpr Shape processes{shape::MapOf{&process_keys, {}, name_pattern, 1}};

inline constexpr Shape command{shape::ListOf{&argument, 1}};
inline constexpr const Shape* variable_shapes[] = {&text, &number, &boolean, &null};
inline constexpr Shape variable{shape::OneOf{variable_shapes}};
inline constexpr Shape env{shape::MapOf{&variable, {}, "^[^=]+$"}};
inline constexpr Shape kept_variable{shape::Text{"^[^=*]*\\*?$", 1}};
inline constexpr Shape keep_env{shape::ListOf{&kept_variable}};
inline constexpr const Shape* stream_shapes[] = {&stream_word, &null, &filled};
inline constexpr Shape stream{shape::OneOf{stream_shapes}};
inline constexpr Shape descriptors{shape::ListOf{&descriptor, 0, true}};
inline constexpr const Shape* limit_shapes[] = {&limit_number, &unlimited};
inline constexpr Shape limit{shape::OneOf{limit_shapes}};
inline constexpr Shape limit_keys{shape::KeysOf{Level::rlimit}};
inline constexpr const Shape* rlimit_shapes[] = {&limit_number, &unlimited, &limit_keys};
inline constexpr Shape rlimit{shape::OneOf{rlimit_shapes}};
inline constexpr Shape rlimits{shape::MapOf{&rlimit, vocabulary::rlimits, ""}};

inline constexpr Shape ready{shape::KeysOf{Level::ready}};
inline constexpr Shape test_keys{shape::KeysOf{Level::test}};
inline constexpr Shape tests{shape::ListOf{&test_keys}};
inline constexpr Shape expectation{shape::KeysOf{Level::expectation}};
inline constexpr Shape exit_status{shape::Whole{range::exit_status}};
inline constexpr Shape lines{shape::ListOf{&text}};
inline constexpr Shape output_keys{shape::KeysOf{Level::output}};
inline constexpr const Shape* expected_text_shapes[] = {&text, &output_keys};
inline constexpr Shape expected_text{shape::OneOf{expected_text_shapes}};
inline constexpr Shape conditions{shape::MapOf{&condition, {}, ""}};
inline constexpr const Shape* depends_on_shapes[] = {&texts, &conditions};
inline constexpr Shape depends_on{shape::OneOf{depends_on_shapes}};

}  // namespace pidns::shapes
