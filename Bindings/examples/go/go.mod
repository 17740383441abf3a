module example

go 1.19

require claviger/kmsencsdk v0.0.0

replace claviger/kmsencsdk => ../../go
