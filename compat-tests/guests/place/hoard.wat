;; Has httpd keep a text of 1 MB again and again when asked to, in the way `@WAY@`, until it is told that that is too much
;; (LIMIT); then it declines.
(import "apache.table.1" "apr_table_set" (func $apr_table_set (param i32 i32 i32 i32 i32 i32) (result i32)))
(import "apache.table.1" "apr_table_merge" (func $apr_table_merge (param i32 i32 i32 i32 i32 i32) (result i32)))
(import "apache.request.1" "ap_request_set_field" (func $ap_request_set_field (param i32 i32 i32 i32) (result i32)))
(import "apache.request.1" "apr_pool_userdata_set" (func $apr_pool_userdata_set (param i32 i32 i32 i32 i32) (result i32)))
(import "apache.text.1" "ap_escape_html2" (func $ap_escape_html2 (param i32 i32 i32 i32 i32) (result i32)))
(import "apache.match.1" "ap_regcomp" (func $ap_regcomp (param i32 i32 i32) (result i64)))
(import "apache.request.1" "ap_request_read" (func $ap_request_read (param i32 i32 i32 i32 i32) (result i32)))
(import "apache.response.1" "ap_allow_methods" (func $ap_allow_methods (param i32 i32 i32 i32) (result i32)))
(global $text i32 (i32.const 0x10000))
(global $length i32 (i32.const 0x100000))
(func (export "apache_module") (call $named))

(func $table_set (result i32) (call $apr_table_set (i32.const 0) (i32.const 3) (i32.const 16) (i32.const 3) (global.get $text) (global.get $length)))
;; Little, which is joined to more each time.
(func $table_merge (result i32) (call $apr_table_merge (i32.const 0) (i32.const 3) (i32.const 16) (i32.const 3) (global.get $text) (i32.const 0x8000)))
(func $set_field (result i32) (call $ap_request_set_field (i32.const 0) (i32.const 8) (global.get $text) (global.get $length)))
(func $userdata (result i32) (call $apr_pool_userdata_set (i32.const 0) (i32.const 16) (i32.const 3) (global.get $text) (global.get $length)))
(func $escape (result i32) (call $ap_escape_html2 (global.get $text) (global.get $length) (i32.const 0) (i32.const 0) (i32.const 0)))
;; Values to read, of which each letter is one.
(func $read (result i32)
  (memory.fill (global.get $text) (i32.const 108) (global.get $length))
  (call $ap_request_read (i32.const 0) (global.get $text) (global.get $length) (i32.const 0) (i32.const 0)))
;; Methods of one letter each.
(func $methods (result i32) (local $at i32)
  (loop $next
    (i32.store (i32.add (global.get $text) (local.get $at)) (i32.const 0x20782078))
    (local.set $at (i32.add (local.get $at) (i32.const 4)))
    (br_if $next (i32.lt_u (local.get $at) (global.get $length))))
  (call $ap_allow_methods (i32.const 0) (i32.const 0) (global.get $text) (global.get $length)))
;; Another pattern each time.
(func $regcomp (result i32) (local $number i32)
  (i32.store8 (i32.add (global.get $text) (i32.load (i32.const 8))) (i32.const 121))
  (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
  (i32.wrap_i64 (call $ap_regcomp (global.get $text) (i32.const 0x2000) (i32.const 0))))

(func (export "ap_hook_fixups") (param i32) (result i32)
  (if (i32.eqz (call $asked)) (then (return (i32.const -1))))
  (if (i32.eq (memory.size) (i32.const 1)) (then
    (drop (memory.grow (i32.const 16)))
    (memory.fill (global.get $text) (i32.const 120) (global.get $length))))
  (loop $again
    (br_if $again (i32.ne (call $@WAY@) (i32.const -6))))
  (i32.const -1))
