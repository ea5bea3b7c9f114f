;; A directive `@NAME@`, allowed everywhere, and one function of its configuration that fails: `@CREATE@`, `@DIRECTIVE@`,
;; `@MERGE@` and `@HOOKS@` are code. Each instance counts its configurations in $created.
(data (i32.const 512) "@NAME@\00")
(global $created (mut i32) (i32.const 0))
(func (export "apache_module")
  (call $named)
  (drop (call $ap_module_directive (i32.const 512) (call $length (i32.const 512)) (i32.const 0) (i32.const 223) (i32.const 512) (call $length (i32.const 512)))))
(func $ap_create_config (export "ap_create_config") (param $kind i32) (result i32)
  (global.set $created (i32.add (global.get $created) (i32.const 1)))
  @CREATE@
  (global.get $created))
(func $ap_directive (export "ap_directive") (param $number i32) (param $kind i32) (param $config i32) (result i32)
  @DIRECTIVE@
  (i32.const 0))
(func $ap_merge_config (export "ap_merge_config") (param $kind i32) (param $base i32) (param $add i32) (result i32)
  @MERGE@
  (local.get $add))
(func $ap_config_hooks (export "ap_config_hooks") (param $kind i32) (param $config i32) (result i64)
  @HOOKS@
  (i64.const -1))
(func (export "ap_hook_fixups") (param i32) (result i32) (i32.const -1))
