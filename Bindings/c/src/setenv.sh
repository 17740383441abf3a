# Lets programs of this folder find the library: `. ./setenv.sh`, from this folder.
export LD_LIBRARY_PATH=../lib
