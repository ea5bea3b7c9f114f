//! Generated mod_headers configs and requests, native against Wasm.
