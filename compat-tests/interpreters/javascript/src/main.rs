//! `javascript FILE`: runs a script, which finds its environment in `env`, its standard input in `input()`, and writes
//! with `print(…)`.

use boa_engine::object::ObjectInitializer;
use boa_engine::property::Attribute;
use boa_engine::{Context, JsError, JsNativeError, JsResult, JsString, JsValue, NativeFunction, Source, js_string};
use std::io::{Read, Write};

fn main() {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("usage: javascript FILE");
        std::process::exit(2);
    };
    if let Err(error) = run(&file) {
        eprintln!("{file}: {error}");
        std::process::exit(1);
    }
}

fn run(file: &str) -> Result<(), String> {
    let script = std::fs::read(file).map_err(|error| error.to_string())?;
    let mut context = Context::default();
    prepare(&mut context).map_err(|error| error.to_string())?;
    context.eval(Source::from_bytes(&script)).map_err(|error| error.to_string())?;
    Ok(())
}

fn prepare(context: &mut Context) -> JsResult<()> {
    let mut env = ObjectInitializer::new(context);
    for (name, value) in std::env::vars_os() {
        let (name, value) = (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned());
        env.property(JsString::from(name), JsString::from(value), Attribute::all());
    }
    let env = env.build();
    context.register_global_property(js_string!("env"), env, Attribute::all())?;
    context.register_global_callable(js_string!("print"), 1, NativeFunction::from_fn_ptr(print))?;
    context.register_global_callable(js_string!("input"), 0, NativeFunction::from_fn_ptr(input))
}

fn print(_: &JsValue, arguments: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let mut line = String::new();
    for argument in arguments {
        line.push_str(&argument.to_string(context)?.to_std_string_lossy());
    }
    line.push('\n');
    std::io::stdout().write_all(line.as_bytes()).map_err(failed)?;
    Ok(JsValue::undefined())
}

fn input(_: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    let mut all = Vec::new();
    std::io::stdin().read_to_end(&mut all).map_err(failed)?;
    Ok(JsString::from(String::from_utf8_lossy(&all).into_owned()).into())
}

fn failed(error: std::io::Error) -> JsError {
    JsNativeError::error().with_message(error.to_string()).into()
}
