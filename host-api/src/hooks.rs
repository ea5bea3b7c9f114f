//! The hooks that a guest may export as `ap_hook_<name>`; knows their answers, not how they are registered.

/// What a hook takes and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Takes a request; OK (0), DECLINED (-1), DONE (-2) or an HTTP status; the first that is neither OK nor DECLINED
    /// ends the phase.
    RunAll,
    /// As [`Shape::RunAll`], but OK ends the phase as well.
    RunFirst,
    /// Takes a request and answers nothing.
    Void,
    /// Takes no request (its parameter is 0); OK, or another status, which keeps the server from starting.
    Config,
    /// Takes no request (its parameter is 0); its answer doesn't matter.
    Server,
}

/// One hook.
#[derive(Clone, Copy, Debug)]
pub struct Hook {
    /// httpd's name: `fixups` for `ap_hook_fixups`.
    pub name: &'static str,
    /// Parameters and answer.
    pub shape: Shape,
    /// One line: when it runs.
    pub doc: &'static str,
}

const fn hook(name: &'static str, shape: Shape, doc: &'static str) -> Hook {
    Hook { name, shape, doc }
}

/// Every hook in the order of a request's life. The position is the hook's bit in the mask of `ap_config_hooks`.
pub const HOOKS: &[Hook] = &[
    hook("post_read_request", Shape::RunAll, "the request's head has been read"),
    hook("pre_translate_name", Shape::RunFirst, "before the URL is decoded"),
    hook("translate_name", Shape::RunFirst, "the URL becomes a file name"),
    hook("map_to_storage", Shape::RunFirst, "per-directory configuration is collected"),
    hook("header_parser", Shape::RunAll, "per-directory configuration is known, access is not checked yet"),
    hook("access_checker", Shape::RunAll, "access by address and the like"),
    hook("access_checker_ex", Shape::RunFirst, "access that can make authentication needless"),
    hook("check_user_id", Shape::RunFirst, "authentication"),
    hook("auth_checker", Shape::RunFirst, "authorization"),
    hook("type_checker", Shape::RunFirst, "the content type is found"),
    hook("fixups", Shape::RunAll, "the last look before the content is made"),
    hook("insert_filter", Shape::Void, "filters are added"),
    hook("handler", Shape::RunFirst, "the content is made"),
    hook("insert_error_filter", Shape::Void, "filters of an error answer are added"),
    hook("log_transaction", Shape::RunAll, "the answer has been sent"),
    hook("fixups_2", Shape::RunAll, "fixups once more, at another place in their order"),
    hook(
        "post_config",
        Shape::Config,
        "once for each server, main server first, in the parent, when the configuration is whole; ap_get_module_config gives that server's",
    ),
    hook(
        "quick_handler",
        Shape::RunFirst,
        "before anything is known but the URL; ap_hook_number is 1 where a subrequest only looks it up, which is not to be answered",
    ),
    hook(
        "post_perdir_config",
        Shape::RunAll,
        "the configuration of directory and location is known, nothing is checked yet",
    ),
    hook("force_authn", Shape::RunFirst, "OK has the client authenticate although access doesn't need it"),
    hook(
        "note_auth_failure",
        Shape::RunFirst,
        "the client is to be asked for credentials of a type, ap_hook_text, by headers in err_headers_out",
    ),
    hook(
        "generate_log_id",
        Shape::RunFirst,
        "an id for a request that is logged about, which ap_hook_set_text gives; OK then",
    ),
    hook("child_init", Shape::Server, "once for each server when a child begins, in the child"),
    hook("monitor", Shape::Server, "once for each server about every ten seconds, in the parent"),
    hook(
        "check_config",
        Shape::Config,
        "as post_config, before it and each time that a configuration is read, as by httpd -t: what is logged is seen on the terminal",
    ),
];
