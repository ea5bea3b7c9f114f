//! Makes the bindings from httpd's and APR's headers, and the glue from the host API's table.

use anyhow::{Context, Result, anyhow};
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=wrapper.h");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    bindgen::Builder::default()
        .header("wrapper.h")
        .clang_args(compiler_flags()?)
        .allowlist_file(".*/(apache2|apr-1\\.0|httpd|apr-1)/[^/]*\\.h")
        .blocklist_item("^(AP_HAVE|APR_HAVE|APU_HAVE).*")
        .default_enum_style(bindgen::EnumVariation::Consts)
        .layout_tests(false)
        .generate_comments(false)
        .derive_debug(false)
        .generate()
        .context("making the bindings of httpd's headers (is apache2-dev installed?)")?
        .write_to_file(out.join("bindings.rs"))?;
    fs::write(out.join("glue.rs"), host_api::generate::glue())?;
    // httpd reads its configuration twice and unloads modules in between; code of ours must stay mapped.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    // Unit tests run without an httpd that would give its symbols; they don't reach a call of one.
    println!("cargo::rustc-link-arg=-Wl,--unresolved-symbols=ignore-all");
    Ok(())
}

/// Include folders and definitions as httpd's own build tools give them.
fn compiler_flags() -> Result<Vec<String>> {
    let httpd = output("apxs2", &["-q", "INCLUDEDIR"]).or_else(|_| output("apxs", &["-q", "INCLUDEDIR"]))?;
    let apr = output("apr-1-config", &["--includes", "--cppflags"])
        .or_else(|_| output("apr-config", &["--includes", "--cppflags"]))?;
    let mut flags = vec![format!("-I{}", httpd.trim())];
    flags.extend(apr.split_whitespace().map(str::to_string));
    Ok(flags)
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output().with_context(|| format!("running {program}"))?;
    output.status.success().then_some(()).ok_or_else(|| anyhow!("{program} failed"))?;
    Ok(String::from_utf8(output.stdout)?)
}
