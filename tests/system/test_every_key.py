"""Each key of the language, and each word that a key takes, has a test that would fail were it ignored.

The keys come from the table in src/load/fields.cpp; the words of a key stand here. A key or word
without a test fails, and so does the name of a test that does not exist.
"""

import ast
import re
import unittest

import harness

FIELDS = harness.HERE.parents[1] / "src/load/fields.cpp"

# level: {key: test}. The levels are those of the table.
KEYS = {
    "root_": {
        "pidns": "refusals::Refused.test_the_version",
        "name": "environment::Names.test_name_from_the_spec_the_file_or_stdin",
        "description": "refusals::Refused.test_keys_of_another_level",
        "tests": "tests_key::Tests.test_run_ignores_it",
    },
    "node_": {
        "unshare": "kinds::NewInodes.test_one_kind_is_new_and_the_others_are_the_callers",
        "join": "join::EachKind.test_by_pid",
        "hostname": "inside::Inside.test_hostname_is_the_specs_and_the_callers_stays",
        "domainname": "kinds::Names.test_domainname",
        "mount-proc": "inside::Inside.test_proc_shows_only_the_namespace",
        "propagation": "inside::Propagation.test_slave_follows_the_caller",
        "kill-child": "kill_child::Signals.test_sighup_runs_the_handler_of_a_pid_1",
        "init": "init::OurInit.test_ps_shows_it_as_pid_1_and_the_command_as_2",
        "uid-map": "users::Words.test_one_word_for_users_and_another_for_groups",
        "gid-map": "users::Words.test_one_word_for_users_and_another_for_groups",
        "setgroups": "users::Setgroups.test_deny",
        "monotonic": "clocks::Clocks.test_each_alone",
        "boottime": "clocks::Clocks.test_each_alone",
        "loopback": "kinds::Net.test_loopback_false_leaves_it_down",
        "root": "roots::Roots.test_a_directory",
        "read-only-root": "roots::Roots.test_read_only_root",
        "mounts": "mounts::Mounts.test_bind",
        "masked-paths": "masks::Paths.test_masked",
        "read-only-paths": "masks::Paths.test_read_only",
        "sysctls": "sysctls::Sysctls.test_each",
        "processes": "processes::Several.test_all_run_at_the_same_time",
        "namespaces": "inside::Levels.test_three_levels_have_a_pid_each_and_end_in_1",
        "replicas": "replicas::Replicas.test_each_knows_its_name_and_number",
    },
    "down": {
        "env": "environment::Environment.test_it_is_added_to_the_callers",
        "clear-env": "environment::Environment.test_clear_env_starts_from_nothing",
        "keep-env": "streams::Inheritance.test_env_clear_and_keep",
        "cwd": "environment::Folder.test_it_is_set_inherited_and_overridden",
        "umask": "credentials::Ids.test_umask",
        "rlimits": "limits::Rlimits.test_each_by_its_name",
    },
    "proc": {
        "command": "environment::Environment.test_numbers_in_a_command_are_kept_as_written",
        "script": "status::Codes.test_a_script_runs_with_e_and_u",
        "argv0": "streams::Sessions.test_argv0",
        "uid": "credentials::Ids.test_a_named_uid_brings_its_gid",
        "gid": "credentials::Ids.test_gid_by_number_and_name",
        "groups": "credentials::Ids.test_groups",
        "capabilities": "credentials::Capabilities.test_a_list_is_all_five_sets",
        "no-new-privs": "credentials::Capabilities.test_no_new_privs",
        "nice": "limits::Priorities.test_nice",
        "oom-score-adj": "limits::Priorities.test_oom_score_adj",
        "stdin": "streams::Streams.test_files",
        "stdout": "streams::Streams.test_files",
        "stderr": "streams::Streams.test_files",
        "terminal": "streams::Sessions.test_terminal_none_is_a_session_of_ones_own",
        "pass-fds": "streams::PassedDescriptors.test_they_keep_their_numbers",
        "timeout": "timeouts::Timeouts.test_124",
        "stop-signal": "timeouts::Timeouts.test_it_is_asked_by_its_stop_signal",
        "stop-timeout": "timeouts::Timeouts.test_sigkill_after_its_stop_timeout",
        "depends-on": "depends_on::Order.test_a_chain_of_three",
        "ready": "ready::Missed.test_one_that_ends_before",
        "main": "main::Main.test_the_run_ends_with_it_and_has_its_status",
    },
    "mproc": {
        "target": "masks::Proc.test_target_in_a_map",
        "hidepid": "masks::Proc.test_hidepid",
        "subset": "masks::Proc.test_subset",
    },
    "tree": {
        "type": "roots::Roots.test_a_tmpfs_with_options",
        "lower": "roots::Copies.test_what_is_written_and_removed_is_forgotten",
        "options": "roots::Roots.test_a_tmpfs_with_options",
    },
    "extent": {
        "inside": "users::Words.test_a_list_with_the_makers_id",
        "outside": "users::Words.test_a_list_with_the_makers_id",
        "count": "users::Words.test_a_list_with_the_makers_id",
    },
    "mount": {
        "type": "mounts::Mounts.test_tmpfs",
        "source": "mounts::Mounts.test_bind",
        "target": "mounts::Mounts.test_bind",
        "options": "mounts::Mounts.test_each_word_of_a_bind",
        "content": "mounts::Mounts.test_symlink_dir_and_file",
        "create": "mounts::Mounts.test_create",
        "mode": "mounts::Mounts.test_symlink_dir_and_file",
        "optional": "mounts::Mounts.test_optional",
    },
    "limit": {
        "soft": "limits::Rlimits.test_soft_and_hard",
        "hard": "limits::Rlimits.test_soft_and_hard",
    },
    "ready_": {
        "command": "ready::Probes.test_script_and_command",
        "script": "ready::Probes.test_it_runs_inside_as_the_process",
        "path": "ready::Probes.test_path",
        "tcp": "ready::Probes.test_tcp",
        "output": "ready::Probes.test_output",
        "within": "ready::Missed.test_the_run_stops_in_order_with_125",
        "every": "ready::Probes.test_one_probe_at_a_time",
    },
    "test": {key: "tests_key::Tests.test_each_key_is_read" for key in
             "name in command script env cwd uid gid of expect within".split()},
    "expect": {key: "tests_key::Tests.test_each_expectation_is_read" for key in "exit signal stdout stderr".split()},
    "output": {key: "tests_key::Tests.test_each_expectation_is_read" for key in
               "equals contains matches lines".split()},
}

# key: {word: test}.
WORDS = {
    "unshare": {**dict.fromkeys(("pid", "mount", "uts", "ipc", "net", "cgroup"),
                                "kinds::NewInodes.test_one_kind_is_new_and_the_others_are_the_callers"),
                "user": "users::Inside.test_the_user_namespace_owns_the_others",
                "time": "clocks::Clocks.test_both",
                "all": "users::Inside.test_all_kinds_at_once"},
    "join": {**dict.fromkeys(("pid", "mount", "uts", "ipc", "net", "user", "cgroup", "time"),
                             "join::EachKind.test_by_pid"),
             "a path": "join::EachKind.test_by_path"},
    "mount-proc": {"true": "inside::Inside.test_proc_shows_only_the_namespace",
                   "false": "inside::Inside.test_mount_proc_false_is_as_good_as_absent",
                   "a path": "kinds::Proc.test_mount_proc_at_a_path",
                   "a map": "masks::Proc.test_target_in_a_map"},
    "hidepid": {"off": "masks::Proc.test_hidepid", "noaccess": "masks::Proc.test_hidepid",
                "invisible": "masks::Proc.test_invisible_hides_the_processes_of_others",
                "ptraceable": "masks::Proc.test_hidepid"},
    "propagation": {"private": "inside::Propagation.test_private_is_the_default_and_recursive",
                    "slave": "inside::Propagation.test_slave_follows_the_caller",
                    "shared": "inside::Propagation.test_shared_in_a_private_caller_makes_new_groups",
                    "unchanged": "inside::Propagation.test_unchanged_takes_what_the_caller_has"},
    "kill-child": {"true": "kill_child::Signals.test_true_is_sigkill_and_the_default",
                   "false": "kill_child::Signals.test_false_leaves_the_process",
                   "a signal": "kill_child::Signals.test_sighup_passes_through_our_init"},
    "init": {"true": "init::OurInit.test_ps_shows_it_as_pid_1_and_the_command_as_2",
             "false": "init::OurInit.test_init_false_makes_the_command_pid_1",
             "a name": "named_init::Standing.test_it_is_pid_1_and_the_others_have_no_parent_there"},
    "uid-map": {"root": "users::Words.test_root_is_the_default",
                "current": "users::Words.test_current_keeps_the_callers",
                "all": "users::Words.test_all_is_every_id_of_the_parent",
                "auto": "users::Subordinates.test_auto_takes_all_ranges_by_name_and_number",
                "none": "users::Words.test_none_maps_nothing",
                "a list": "users::Words.test_a_list_with_the_makers_id"},
    "setgroups": {"allow": "users::Setgroups.test_allow", "deny": "users::Setgroups.test_deny"},
    "loopback": {"true": "kinds::Net.test_loopback_is_up_unless_told_otherwise",
                 "false": "kinds::Net.test_loopback_false_leaves_it_down"},
    "root": {"a directory": "roots::Roots.test_a_directory",
             "tmpfs": "roots::Roots.test_a_tmpfs_with_options",
             "overlay": "roots::Copies.test_what_is_written_and_removed_is_forgotten"},
    "mounts": {"bind": "mounts::Mounts.test_bind", "tmpfs": "mounts::Mounts.test_tmpfs",
               **dict.fromkeys(("proc", "sysfs", "devpts", "mqueue"), "mounts::Mounts.test_proc_sysfs_devpts_mqueue"),
               "overlay": "mounts::Mounts.test_overlay",
               "another": "mounts::Mounts.test_any_other_filesystem",
               "dev": "mounts::Mounts.test_dev",
               **dict.fromkeys(("symlink", "dir", "file"), "mounts::Mounts.test_symlink_dir_and_file")},
    "rlimits": {"a value": "limits::Rlimits.test_each_by_its_name", "unlimited": "limits::Rlimits.test_unlimited",
                "a map": "limits::Rlimits.test_soft_and_hard"},
    "env": {"null": "environment::Environment.test_null_removes",
            "a value": "environment::Environment.test_values_are_kept_as_written"},
    "capabilities": {"a list": "credentials::Capabilities.test_a_list_is_all_five_sets",
                     "all": "credentials::Capabilities.test_all_survive_a_change_of_uid"},
    "stdin": {"null": "streams::Streams.test_null_and_inherit", "inherit": "streams::Streams.test_null_and_inherit",
              "a path": "streams::Streams.test_files"},
    "terminal": {"none": "streams::Sessions.test_terminal_none_is_a_session_of_ones_own",
                 "inherit": "terminal::ShellInside.test_an_interactive_bash", "new": "new_terminal::Inside.test_it_is_the_controlling_terminal_of_a_session"},
}


def rows_of_the_table():
    """(key, level) for each row of src/load/fields.cpp."""
    return re.findall(r'^  \{"([a-z0-9-]+)", (\w+), "[^"]*", "[^"]*", ', FIELDS.read_text(), re.M)


def tests_there_are():
    """file::Class.test for each test of the system tests."""
    found = set()
    for file in harness.HERE.glob("test_*.py"):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef):
                found |= {f"{file.stem.removeprefix('test_')}::{node.name}.{part.name}" for part in node.body
                          if isinstance(part, ast.FunctionDef) and part.name.startswith("test_")}
    return found


class EveryKey(unittest.TestCase):
    def test_has_a_test(self):
        there = tests_there_are()
        rows = rows_of_the_table()
        self.assertGreater(len(rows), 75, "the table has another form than this test knows")
        for key, level in rows:
            with self.subTest(key=key, level=level):
                test = KEYS.get(level, {}).get(key)
                self.assertIsNotNone(test, "no test is named for it")
                self.assertIn(test, there)

    def test_is_in_the_table(self):
        rows = {(level, key) for key, level in rows_of_the_table()}
        self.assertEqual({(level, key) for level, keys in KEYS.items() for key in keys} - rows, set())

    def test_has_a_test_of_each_word(self):
        there = tests_there_are()
        keys = {key for key, _ in rows_of_the_table()}
        for key, words in WORDS.items():
            self.assertIn(key, keys)
            for word, test in words.items():
                with self.subTest(key=key, word=word):
                    self.assertIn(test, there)


if __name__ == "__main__":
    harness.main()
