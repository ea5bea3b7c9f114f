;; Looks ahead to its own URL in the fixups, three times, from within each look as well: a tree that has no end.
(data (i32.const 512) "/index.html?@TRIGGER@\00")
(func (export "apache_module") (call $named))
(func (export "ap_hook_fixups") (param i32) (result i32) (local $i i32)
  (if (i32.eqz (call $asked)) (then (return (i32.const -1))))
  (loop $again
    (drop (call $ap_sub_req_lookup_uri (i32.const 0) (i32.const 512) (call $length (i32.const 512)) (i32.const 0)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $again (i32.lt_u (local.get $i) (i32.const 3))))
  (i32.const -1))
