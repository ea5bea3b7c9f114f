;; All that a guest exports fails, if the query string asks for it by place and failure, as `fixups.unreachable`.
;; Filled in are these texts, the failures' functions, what calls the one that is asked for, and the place that calls that.
@QUERIES@
@FAILS@
;; Whether the query string (field 8) is the text at an address.
(func $is (param $at i32) (result i32) (local $i i32) (local $length i32)
  (local.set $length (call $length (local.get $at)))
  (if (i32.ne (call $ap_request_field (i32.const 0) (i32.const 8) (i32.const 1024) (i32.const 256)) (local.get $length))
    (then (return (i32.const 0))))
  (block $end (loop $next
    (br_if $end (i32.eq (local.get $i) (local.get $length)))
    (if (i32.ne (i32.load8_u (i32.add (local.get $at) (local.get $i))) (i32.load8_u (i32.add (i32.const 1024) (local.get $i))))
      (then (return (i32.const 0))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $next)))
  (i32.const 1))
(func $maybe @MAYBE@)
@PLACE@
