;; A guest that takes what outlives its call, again and again, where the query string has six letters: what stands for DO
;; is done as often as stands for TIMES in a hook, and where it is refused (a negative number) the request is answered with
;; 409.
(module
  (import "apache.module.1" "ap_module_name" (func $ap_module_name (param i32 i32) (result i32)))
  (import "apache.module.1" "ap_module_output_filter" (func $ap_module_output_filter (param i32 i32 i32) (result i32)))
  (import "apache.request.1" "ap_request_field" (func $ap_request_field (param i32 i32 i32 i32) (result i32)))
  (import "apache.request.1" "ap_request_prepare" (func $ap_request_prepare (param i32 i32) (result i64)))
  (import "apache.request.1" "ap_request_write" (func $ap_request_write (param i32 i32 i32) (result i32)))
  (import "apache.table.1" "apr_table_add" (func $apr_table_add (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "apache.table.1" "apr_table_merge" (func $apr_table_merge (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "apache.match.1" "ap_regcomp" (func $ap_regcomp (param i32 i32 i32) (result i64)))
  (import "apache.filter.1" "ap_add_output_filter" (func $ap_add_output_filter (param i32 i32 i32) (result i32)))
  (import "apache.database.1" "ap_dbd_open" (func $ap_dbd_open (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 1)
  (data (i32.const 16) "mod_@NAME@.c")
  (data (i32.const 64) "GATHER-@NAME@")
  (data (i32.const 128) "nosuch")
  ;; A value put together of a field (METHOD), set in the connection's notes.
  (data (i32.const 256) "j\07\01\00\00\00N\01\00\00\00\00")
  (func (export "apache_abi_version_1"))
  (func (export "apache_module")
    (drop (call $ap_module_name (i32.const 16) (i32.const 10)))
    (drop (call $ap_module_output_filter (i32.const 64) (i32.const 11) (i32.const 10))))
  (func $do (result i64) @DO@)
  (func (export "ap_hook_fixups") (param i32) (result i32) (local $left i32)
    ;; 1,000 letters.
    (memory.fill (i32.const 4096) (i32.const 97) (i32.const 1000))
    (local.set $left (i32.const @TIMES@))
    (if (i32.eq (call $ap_request_field (i32.const 0) (i32.const 8) (i32.const 1024) (i32.const 256)) (i32.const 6)) (then
      (loop $next
        (if (i64.lt_s (call $do) (i64.const 0)) (then (return (i32.const 409))))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $next (local.get $left)))))
    (i32.const -1))
  (func (export "ap_output_filter") (param i32 i32 i32 i32 i32) (result i32) (i32.const 0)))
