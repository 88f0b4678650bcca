import os
import sys


def walk(folder, found):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path, found)
            else:
                stat = entry.stat(follow_symlinks=False)
                found.append((stat.st_mtime, stat.st_size, entry.path))


files = []
walk(sys.argv[1], files)
files.sort(key=lambda file: -file[1])
for file in files[:10]:
    print(*file)
