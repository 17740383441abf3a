module claviger/kmsencsdk

go 1.19
