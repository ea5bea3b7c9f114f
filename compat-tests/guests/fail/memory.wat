;; Takes memory until it is refused, then gives up as an allocator does.
(func $fail (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable)
