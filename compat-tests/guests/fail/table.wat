;; Takes table elements until it is refused, then gives up.
(table $many 0 funcref)
(func $fail (loop $again (br_if $again (i32.ne (table.grow $many (ref.null func) (i32.const 1000)) (i32.const -1)))) unreachable)
