def main [dir: string] {
  cd $dir
  ls **/* | where type == file | sort-by size -r | first 10 | select modified size name | print
}
