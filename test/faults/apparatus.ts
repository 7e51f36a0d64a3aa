import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Subcommands that change something; only these are counted, since questions may be asked several at once. */
export const changingCommands = [
  'add',
  'branch',
  'checkout',
  'commit',
  'commit-tree',
  'config',
  'fetch',
  'hash-object',
  'merge',
  'push',
  'read-tree',
  'rebase',
  'stash',
  'switch',
  'symbolic-ref',
  'update-index',
  'update-ref',
  'worktree-add',
  'worktree-lock',
  'worktree-move',
  'worktree-repair',
  'worktree-unlock',
  'write-tree',
] as const

const count = `
fault_dir=\${FAULT_DIR-}
fault_count() {
  fault_n=$(( $(cat "$fault_dir/$1" 2>/dev/null || echo 0) + 1 ))
  echo $fault_n >"$fault_dir/$1"
  [ -z "\${FAULT_TRACE-}" ] || echo "$1#$fault_n" >>"$FAULT_TRACE"
  fault_point="$1#$fault_n"
}
`

/** A git that dies before or after its work, or outlives the program that started it. */
const git = `#!/bin/sh
PATH=$FAULT_PATH
${count}
word=; first=; skip=
for arg; do
  if [ -n "$skip" ]; then skip=; continue; fi
  case $arg in
    -c|-C) [ -n "$word" ] || skip=1 ;;
    -*) ;;
    *) if [ -z "$word" ]; then word=$arg; [ "$word" = worktree ] || break; else word=$word-$arg; break; fi ;;
  esac
done
case " ${changingCommands.join(' ')} " in
  *" $word "*) ;;
  *) exec git "$@" ;;
esac
fault_count "git:$word"
case \${FAULT-} in
  "$fault_point=dies-before") kill -KILL $$ ;;
  "$fault_point=dies-after") git "$@"; kill -KILL $$ ;;
  "$fault_point=outlives") kill -KILL "$FAULT_LEADER"; sleep 0.3 ;;
esac
exec git "$@"
`

const strikes = `
case \${FAULT-} in
  "$fault_point=kill-git") kill -KILL $PPID ;;
  "$fault_point=kill-group") kill -KILL -- -"$FAULT_LEADER"; sleep 0.3 ;;
  "$fault_point=kill-all") kill -KILL -- -"$FAULT_LEADER"; kill -KILL 0 ;;
  "$fault_point=kill-cli") kill -KILL "$FAULT_LEADER"; sleep 0.3 ;;
  "$fault_point=interrupt") kill -INT -- -"$FAULT_LEADER" ;;
  "$fault_point=interrupt-cli") kill -INT "$FAULT_LEADER" ;;
esac
`

/** git is in the middle of a checkout while this runs. */
const filter = `#!/bin/sh
trap : INT
${count}
if [ -n "$fault_dir" ]; then
  fault_count filter
  ${strikes.trim()}
fi
exec cat
`

/** git holds the locks of the refs while this runs. */
const transaction = `#!/bin/sh
trap : INT
${count}
[ "$1" = prepared ] && [ -n "$fault_dir" ] || exit 0
cat >/dev/null
fault_count refs
${strikes.trim()}
`

export interface Apparatus {
  /** To be put on PATH before git's own folder. */
  readonly bin: string
  readonly filter: string
  /** A reference-transaction hook. */
  readonly transaction: string
}

/** Programs that make git fail where our own failpoints do not reach. POSIX only. */
export async function makeApparatus(directory: string): Promise<Apparatus> {
  const apparatus = {
    bin: join(directory, 'bin'),
    filter: join(directory, 'filter'),
    transaction: join(directory, 'reference-transaction'),
  }
  await mkdir(apparatus.bin, { recursive: true })
  const programs = [
    [join(apparatus.bin, 'git'), git] as const,
    [apparatus.filter, filter] as const,
    [apparatus.transaction, transaction] as const,
  ]
  for (const [file, text] of programs) {
    await writeFile(file, text)
    await chmod(file, 0o755)
  }
  return apparatus
}
