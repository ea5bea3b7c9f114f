//! `python FILE`: runs a script with RustPython, which has Python's standard library within it, so that no other file is
//! needed. For runs that are short: there are no site packages, and memory is left to whoever ends the run.

use rustpython::vm::gc_state::gc_state;
use rustpython::vm::{AsObject, PyResult, VirtualMachine};
use rustpython::{InterpreterBuilder, InterpreterBuilderExt, RunMode};
use std::process::exit;

fn main() {
    let (settings, file) = match rustpython::parse_opts() {
        Ok((settings, RunMode::Script(file))) => (settings, file),
        _ => {
            eprintln!("usage: python FILE");
            exit(2);
        }
    };
    // Of a short run little is worth being looked for and freed.
    gc_state().set_threshold(100_000, None, None);
    let interpreter = InterpreterBuilder::new().settings(settings).init_stdlib().interpreter();
    let status = interpreter.enter(|vm| match run(vm, &file).and_then(|()| flush(vm)) {
        Ok(()) => 0,
        // An end that was asked for prints nothing; another exception prints its trace.
        Err(exception) => {
            let status = vm.handle_exit_exception(exception);
            if flush(vm).is_err() && status == 0 { 1 } else { status }
        }
    });
    // `Interpreter::finalize` would look at each object once more, and costs as much as all before it.
    exit(status as i32);
}

fn run(vm: &VirtualMachine, file: &str) -> PyResult<()> {
    let folder = std::path::Path::new(file).parent().and_then(|folder| folder.to_str()).unwrap_or_default();
    vm.insert_sys_path(vm.ctx.new_str(folder).into())?;
    let result = vm.run_any_file(vm.new_scope_with_main()?, file);
    let at_exit = vm.import("atexit", 0)?.get_attr("_run_exitfuncs", vm)?;
    at_exit.call((), vm)?;
    result
}

fn flush(vm: &VirtualMachine) -> PyResult<()> {
    for stream in ["stdout", "stderr"] {
        let stream = vm.sys_module.as_object().get_attr(stream, vm)?;
        vm.call_method(&stream, "flush", ())?;
    }
    Ok(())
}
