//! The macro that turns a table into a module's exports.

/// Declares the module: one table that reads as its description. Every part but `name` may be left out.
///
/// ```ignore
/// apache_module::module! {
///     name: "mod_hello.c",
///     dir_config: Config,
///     directives: {
///         "HelloGreeting", TAKE1, OR_FILEINFO, dir: set_greeting, "what the answers say";
///     },
///     hooks: { fixups(LAST): fixups; },
///     output_filters: { "HELLO", FTYPE_RESOURCE: filter; },
/// }
/// ```
///
/// A directive names a function for the per-directory configuration (`dir:`), for the per-server one (`server:`), or
/// both: `fn(&Directive, &mut Config) -> Result<(), E>`, where `E` is text or bytes. The per-server one is called outside of directory
/// sections only; the error is shown with file and line. A hook is `fn(&Request) -> Status`, a void
/// hook the same without the answer, a filter `fn(&mut Filter, &Request, Event) -> Flow`.
/// `reads` names what the host reads of a request before it calls a hook, which takes it by
/// [`Request::with_read_before`](crate::Request::with_read_before): `TRANSLATE_NAME: wants;` with `fn wants() -> Wants`.
/// `handlers` are the values of r->handler for which its hook `handler` is called; left out, it is called for all.
/// `mutexes` are the global mutexes that the Mutex directive knows, numbered from 0, `offers` the optional functions that
/// the host offers to native modules in this module's name.
#[macro_export]
macro_rules! module {
    (
        name: $name:literal
        $(, dir_config: $dir:ty)?
        $(, server_config: $server:ty)?
        $(, directives: { $($directive:literal, $how:ident, $($allowed:ident)|+ $(, dir: $set_dir:path)? $(, server: $set_server:path)?, $help:literal;)* })?
        $(, hooks: { $($hook:ident $(($order:ident $(, after: $after:literal)? $(, before: $before:literal)?))?: $run:path;)* })?
        $(, reads: { $($reads:ident: $wants:path;)* })?
        $(, handlers: { $($handler:literal;)* })?
        $(, mutexes: { $($mutex:literal;)* })?
        $(, offers: { $($offer:literal;)* })?
        $(, output_filters: { $($out:literal, $out_type:ident: $out_run:path;)* })?
        $(, input_filters: { $($in:literal, $in_type:ident: $in_run:path;)* })?
        $(,)?
    ) => {
        #[allow(unsafe_code, unused_variables, unused_mut, missing_docs)]
        mod apache_module_exports {
            use super::*;
            use $crate::{Merge, ffi};

            type Dir = $crate::module!(@or_unit $($dir)?);
            type Server = $crate::module!(@or_unit $($server)?);
            const DIR: u32 = 0;

            #[unsafe(no_mangle)]
            extern "C" fn apache_abi_version_1() {}

            #[unsafe(no_mangle)]
            extern "C" fn _initialize() {
                $crate::log::panics_are_logged();
                ffi::keep_configs();
                $($(ffi::read_before($crate::hook::$reads, $wants().bytes());)*)?
            }

            #[unsafe(no_mangle)]
            extern "C" fn apache_module() {
                ffi::ap_module_name($name.as_bytes());
                $($(ffi::ap_module_directive($directive.as_bytes(), $crate::$how, $($crate::$allowed)|+, $help.as_bytes());)*)?
                $($($(ffi::ap_module_hook(
                    stringify!($hook).as_bytes(), $crate::$order, concat!($($after)?).as_bytes(), concat!($($before)?).as_bytes(),
                );)?)*)?
                $($(ffi::ap_module_handler($handler.as_bytes());)*)?
                $($(ffi::ap_module_mutex($mutex.as_bytes());)*)?
                $($(ffi::ap_module_offers($offer.as_bytes());)*)?
                $($(ffi::ap_module_output_filter($out.as_bytes(), $crate::$out_type);)*)?
                $($(ffi::ap_module_input_filter($in.as_bytes(), $crate::$in_type);)*)?
            }

            #[unsafe(no_mangle)]
            extern "C" fn ap_create_config(kind: u32) -> u32 {
                if kind == DIR { ffi::lend(Box::<Dir>::default()) } else { ffi::lend(Box::<Server>::default()) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn ap_merge_config(kind: u32, base: u32, add: u32) -> u32 {
                // SAFETY: the host keeps the kinds apart and gives only addresses that `lend` made.
                unsafe {
                    if kind == DIR {
                        ffi::lend(Box::new(config::<Dir>(base).merge(config::<Dir>(add))))
                    } else {
                        ffi::lend(Box::new(config::<Server>(base).merge(config::<Server>(add))))
                    }
                }
            }

            #[unsafe(no_mangle)]
            extern "C" fn ap_free_config(kind: u32, address: u32) {
                // SAFETY: as in `ap_merge_config`; the host does not use the address afterwards.
                unsafe {
                    if kind == DIR { drop(ffi::take::<Dir>(address)) } else { drop(ffi::take::<Server>(address)) }
                }
            }

            #[unsafe(no_mangle)]
            extern "C" fn ap_config_hooks(kind: u32, address: u32) -> u64 {
                // SAFETY: as in `ap_merge_config`.
                unsafe { if kind == DIR { config::<Dir>(address).hooks() } else { config::<Server>(address).hooks() } }
            }

            /// # Safety
            /// As [`ffi::borrow`].
            unsafe fn config<'a, T>(address: u32) -> &'a mut T {
                // SAFETY: the caller's promise; the host never gives 0 where it has a configuration.
                unsafe { ffi::borrow(address) }.expect("the host gives the configuration")
            }

            #[unsafe(no_mangle)]
            extern "C" fn ap_directive(number: u32, kind: u32, address: u32) -> i32 {
                let directive = $crate::Directive::current();
                let mut at = 0;
                $($(
                    if number == at {
                        $(if kind == DIR {
                            // SAFETY: as in `ap_merge_config`.
                            return $crate::directive::answer($set_dir(&directive, unsafe { config::<Dir>(address) }));
                        })?
                        $(if kind != DIR {
                            // SAFETY: as in `ap_merge_config`.
                            return $crate::directive::answer($set_server(&directive, unsafe { config::<Server>(address) }));
                        })?
                    }
                    at += 1;
                )*)?
                0
            }

            $($($crate::module!(@hook $hook, $run);)*)?

            $(
            #[unsafe(no_mangle)]
            extern "C" fn ap_output_filter(number: u32, id: u32, r: u32, event: u32, length: u32) -> i32 {
                let r = $crate::Request::from_handle(r);
                let mut at = 0;
                $(
                    if number == at {
                        return $crate::filter::call(|f, event| $out_run(f, &r, event), id, event, length);
                    }
                    at += 1;
                )*
                $crate::FILTER_REMOVE
            }
            )?

            $(
            #[unsafe(no_mangle)]
            extern "C" fn ap_input_filter(number: u32, id: u32, r: u32, event: u32, length: u32) -> i32 {
                let r = $crate::Request::from_handle(r);
                let mut at = 0;
                $(
                    if number == at {
                        return $crate::filter::call(|f, event| $in_run(f, &r, event), id, event, length);
                    }
                    at += 1;
                )*
                $crate::FILTER_REMOVE
            }
            )?
        }

        /// The configuration in force for a request (ap_get_module_config): per directory and per server.
        #[allow(unsafe_code, dead_code)]
        pub fn get_module_config(
            r: &$crate::Request,
        ) -> (&'static $crate::module!(@or_unit $($dir)?), &'static $crate::module!(@or_unit $($server)?)) {
            // SAFETY: the host keeps the kinds apart and gives only addresses that `lend` made; what a request can
            // meet is not freed while the instance lives.
            unsafe { $crate::request::module_configs(r) }
        }
    };
    (@or_unit) => { () };
    (@or_unit $config:ty) => { $config };
    (@hook $hook:ident, $run:path) => {
        const _: () = {
            #[unsafe(export_name = concat!("ap_hook_", stringify!($hook)))]
            extern "C" fn run(r: u32) -> i32 {
                $crate::request::IntoAnswer::into_answer($run(&$crate::Request::from_handle(r)))
            }
        };
    };
}
