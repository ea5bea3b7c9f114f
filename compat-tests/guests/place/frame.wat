;; What every guest here is made of: it can tell whether the query string asks for it, which is its trigger, and fails on
;; demand. What stands between at-signs is filled in by the tests: FAIL by a file of fail/, BODY by one of this folder.
(module
  (import "apache.module.1" "ap_module_name" (func $ap_module_name (param i32 i32) (result i32)))
  (import "apache.module.1" "ap_module_directive" (func $ap_module_directive (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "apache.module.1" "ap_module_output_filter" (func $ap_module_output_filter (param i32 i32 i32) (result i32)))
  (import "apache.module.1" "ap_module_input_filter" (func $ap_module_input_filter (param i32 i32 i32) (result i32)))
  (import "apache.module.1" "ap_directive_number" (func $ap_directive_number (param i32) (result i64)))
  (import "apache.log.1" "ap_log_error" (func $ap_log_error (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "apache.request.1" "ap_request_field" (func $ap_request_field (param i32 i32 i32 i32) (result i32)))
  (import "apache.request.1" "ap_rwrite" (func $ap_rwrite (param i32 i32 i32) (result i32)))
  (import "apache.request.1" "ap_rflush" (func $ap_rflush (param i32) (result i32)))
  (import "apache.subrequest.1" "ap_sub_req_lookup_uri" (func $ap_sub_req_lookup_uri (param i32 i32 i32 i32) (result i64)))
  (import "apache.filter.1" "ap_add_output_filter" (func $ap_add_output_filter (param i32 i32 i32) (result i32)))
  (import "apache.filter.1" "ap_add_input_filter" (func $ap_add_input_filter (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "mod_@NAME@.c\00")
  (data (i32.const 256) "@TRIGGER@\00")
  (func (export "apache_abi_version_1"))

  ;; The length of the text at an address, up to its NUL.
  (func $length (param $at i32) (result i32) (local $i i32)
    (block $end (loop $next
      (br_if $end (i32.eqz (i32.load8_u (i32.add (local.get $at) (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
    (local.get $i))

  ;; Gives the module its name.
  (func $named (drop (call $ap_module_name (i32.const 16) (call $length (i32.const 16)))))

  ;; Whether the query string (field 8) is the trigger.
  (func $asked (result i32) (local $i i32)
    (if (i32.ne (call $ap_request_field (i32.const 0) (i32.const 8) (i32.const 1024) (i32.const 256)) (call $length (i32.const 256)))
      (then (return (i32.const 0))))
    (block $end (loop $next
      (br_if $end (i32.eq (local.get $i) (call $length (i32.const 256))))
      (if (i32.ne (i32.load8_u (i32.add (i32.const 256) (local.get $i))) (i32.load8_u (i32.add (i32.const 1024) (local.get $i))))
        (then (return (i32.const 0))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
    (i32.const 1))

  @FAIL@
  @BODY@
)
