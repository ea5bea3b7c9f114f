;; What a panic or an abort of most languages ends in.
(func $fail unreachable)
