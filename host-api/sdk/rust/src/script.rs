//! The macros that turn functions into the exports of a script: a file whose functions directives name, as
//! `WasmHookFixups file.wasm function` does; knows nothing of what the functions are for.

use crate::ffi::{self, constant};
use crate::request::{IntoAnswer, Request};

/// What an authorization provider answers (authz_status).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authz(pub i32);

impl Authz {
    /// Not allowed.
    pub const DENIED: Authz = Authz(constant::AUTHZ_DENIED);
    /// Allowed.
    pub const GRANTED: Authz = Authz(constant::AUTHZ_GRANTED);
    /// It doesn't matter here.
    pub const NEUTRAL: Authz = Authz(constant::AUTHZ_NEUTRAL);
    /// It could not be found out: the answer is 500.
    pub const GENERAL_ERROR: Authz = Authz(constant::AUTHZ_GENERAL_ERROR);
    /// Not as long as nobody is logged in: the client is asked who it is.
    pub const DENIED_NO_USER: Authz = Authz(constant::AUTHZ_DENIED_NO_USER);
}

impl IntoAnswer for Authz {
    fn into_answer(self) -> i32 {
        self.0
    }
}

impl Request {
    /// The words of the Require line for which an authorization provider is asked; none anywhere else.
    pub fn require_args(&self) -> Vec<Vec<u8>> {
        let all = ffi::read(|buffer| ffi::ap_require_args(buffer)).ok().flatten().unwrap_or_default();
        all.strip_suffix(b"\0").map_or_else(Vec::new, |all| all.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect())
    }
}

/// Declares a script: a file whose exported functions are named by directives.
///
/// ```ignore
/// apache_module::script! {
///     functions: { handle; greet; }
///     filters: { capitals; }
/// }
/// ```
///
/// A function is `fn(&Request) -> Status`: a hook, a handler or, answering [`Authz`](crate::Authz), an authorization
/// provider. A filter is `fn(&mut Filter, &Request, Event) -> Flow`.
#[macro_export]
macro_rules! script {
    ($($exports:tt)*) => {
        #[allow(unsafe_code, missing_docs)]
        const _: () = {
            #[unsafe(no_mangle)]
            extern "C" fn apache_abi_version_1() {}

            #[unsafe(no_mangle)]
            extern "C" fn _initialize() {
                $crate::log::panics_are_logged();
            }
        };
        $crate::exports! { $($exports)* }
    };
}

/// More functions and filters of a script that has several source files; the form is that of [`script!`].
#[macro_export]
macro_rules! exports {
    ($(functions: { $($function:ident;)* })? $(filters: { $($filter:ident;)* })?) => {
        #[allow(unsafe_code, missing_docs)]
        const _: () = {
            $($(const _: () = {
                #[unsafe(export_name = stringify!($function))]
                extern "C" fn run(r: u32) -> i32 {
                    $crate::request::IntoAnswer::into_answer($function(&$crate::Request::from_handle(r)))
                }
            };)*)?
            $($(const _: () = {
                #[unsafe(export_name = stringify!($filter))]
                extern "C" fn run(body: u32, r: u32, event: u32, length: u32) -> i32 {
                    let r = $crate::Request::from_handle(r);
                    $crate::filter::call(|f, event| $filter(f, &r, event), body, event, length)
                }
            };)*)?
        };
    };
}
