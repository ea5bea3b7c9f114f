;; Takes and fills all the memory that it gets, then gives up.
(func $fail (local $pages i32)
  (loop $again
    (local.set $pages (memory.grow (i32.const 16)))
    (if (i32.ne (local.get $pages) (i32.const -1)) (then
      (memory.fill (i32.shl (local.get $pages) (i32.const 16)) (i32.const 1) (i32.const 0x100000))
      (br $again))))
  unreachable)
