;; A program that fails in the way whose letter its first argument is, once it has written `@PAGES@` times 64 KB.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 3)
  ;; What it writes: 64 KB from here on.
  (data (i32.const 64) "\00\00\01\00\00\00\01\00")
  @FAILS@
  (func (export "_start") (local $pages i32) (local $letter i32)
    (drop (call $args_get (i32.const 128) (i32.const 1024)))
    (local.set $letter (i32.load8_u (i32.load (i32.const 132))))
    (block $written (loop $next
      (br_if $written (i32.ge_u (local.get $pages) (i32.const @PAGES@)))
      (drop (call $fd_write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 96)))
      (local.set $pages (i32.add (local.get $pages) (i32.const 1)))
      (br $next)))
    @MAYBE@))
