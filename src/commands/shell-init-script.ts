import type { Shell } from './require-shell.ts'

/**
 * A function around the binary: `switch <id>` changes directory, everything else is passed on. The binary is looked for
 * on PATH, then in node_modules from here upwards, then in the main worktree's: a session may have none of its own.
 */
export function renderShellInit(shell: Shell): string {
  return shell === 'fish' ? fishScript : posixScript
}

// The x keeps newlines at the end of a path: command substitution takes them away.
const posixScript = `__flightrules_find() {
  local dir="$PWD" common
  if [ -n "$(unset -f flightrules fr; command -v flightrules 2>/dev/null)" ]; then
    printf '%s' flightrules
    return
  fi
  while [ -n "$dir" ]; do
    if [ -x "$dir/node_modules/.bin/flightrules" ]; then
      printf '%s' "$dir/node_modules/.bin/flightrules"
      return
    fi
    dir="\${dir%/*}"
  done
  if common="$(git rev-parse --path-format=absolute --git-common-dir 2>/dev/null)" &&
    [ -x "$common/../node_modules/.bin/flightrules" ]; then
    printf '%s' "$common/../node_modules/.bin/flightrules"
    return
  fi
  echo 'flightrules: not found on PATH or in node_modules' >&2
  return 127
}

flightrules() {
  local bin found
  bin="$(__flightrules_find)" || return
  if [ "$#" -eq 2 ] && [ "$1" = switch ] && [ "\${2#-}" = "$2" ]; then
    found="$(command "$bin" path "$2" && printf x)" || return
    found="\${found%x}"
    builtin cd -- "\${found%?}"
  else
    command "$bin" "$@"
  fi
}

fr() {
  flightrules "$@"
}`

const fishScript = `function __flightrules_find
    if set -l found (command -s flightrules)
        echo $found
        return
    end
    set -l dir $PWD
    while test -n "$dir"
        if test -x "$dir/node_modules/.bin/flightrules"
            echo "$dir/node_modules/.bin/flightrules"
            return
        end
        set dir (string replace -r '/[^/]*$' '' -- $dir)
    end
    set -l common (git rev-parse --path-format=absolute --git-common-dir 2>/dev/null)
    if test -n "$common" -a -x "$common/../node_modules/.bin/flightrules"
        echo "$common/../node_modules/.bin/flightrules"
        return
    end
    echo 'flightrules: not found on PATH or in node_modules' >&2
    return 127
end

function flightrules
    set -l bin (__flightrules_find)
    or return
    if test (count $argv) -eq 2 -a "$argv[1]" = switch; and not string match -q -- '-*' "$argv[2]"
        set -l found ($bin path $argv[2] | string collect)
        test $pipestatus[1] -eq 0
        or return
        builtin cd -- $found
    else
        command $bin $argv
    end
end

function fr
    flightrules $argv
end`
