import { expect, test } from 'vitest'
import { findLiteral, type Dialect, type Word } from '../../../src/agents/shell/script.ts'
import { listRuns } from '../../../src/agents/shell/walk.ts'

/** Each command in one line: where, and its words; what is not known is `…`, a pattern as it is. */
function follow(script: string, dialect: Dialect = 'posix', variables: Record<string, string> = { HOME: '/home/me' }): string[] {
  return listRuns({ script, dialect, cwd: '/w', variables, isThere: (path) => !path.includes('gone') }).map(
    ({ name, args, cwd, redirects, more }) =>
      [
        `${cwd ?? '?'}:`,
        name ?? '…',
        ...args.map(show),
        ...(more ? ['+'] : []),
        ...redirects.map(({ operator, target }) => `${operator}${show(target)}`),
      ].join(' '),
  )
}

function show(word: Word): string {
  const literal = findLiteral(word)
  if (literal !== undefined) return /^[\w@%+=:,./{}~-]+$/.test(literal) ? literal : JSON.stringify(literal)
  return word.map((part) => (part.kind === 'text' || part.kind === 'glob' ? part.text : '…')).join('')
}

test.each<[string, string, string[]]>([
  ['words and quotes', `a 'b c' "d e" f\\ g h""i ''`, ['/w: a "b c" "d e" "f g" hi ""']],
  ['separators', 'a; b && c || d\ne', ['/w: a', '/w: b', '/w: c', '/w: d', '/w: e']],
  ['no separators in quotes', `echo "a; b" 'c && d' e\\;f`, ['/w: echo "a; b" "c && d" "e;f"']],
  ['pipelines', 'a | b |& c', ['/w: a', '/w: b', '/w: c']],
  ['a directory that stays', 'cd x && a; b', ['/w: cd x', '/w/x: a', '/w/x: b']],
  ['a directory in a subshell', '(cd x; a); b', ['/w: cd x', '/w/x: a', '/w: b']],
  ['a directory in a pipeline', 'cd x | a; b', ['/w: cd x', '/w: a', '/w: b']],
  ['a directory nobody knows', 'cd "$X" && a', ['/w: cd …', '?: a']],
  ['a directory that is not there', 'cd gone; a', ['/w: cd gone', '?: a']],
  ['home', 'cd; a; cd ~/x; b', ['/w: cd', '/home/me: a', '/home/me: cd /home/me/x', '/home/me/x: b']],
  ['the home of somebody', 'rm ~you/x', ['/w: rm …/x']],
  ['a variable that was set', 'D=/x/y; rm "$D/z" ${D}', ['/w: … ', '/w: rm /x/y/z /x/y'].map((line) => line.trim())],
  ['a variable set for one command', 'D=/x rm $D', ['/w: rm …']],
  ['substitutions', 'a "$(b c)" `d` ${e:-f} $((1 + 2))', ['/w: b c', '/w: d', '/w: a … … … …']],
  ['a substitution in its own shell', 'a $(cd x; b); c', ['/w: cd x', '/w/x: b', '/w: a …', '/w: c']],
  ['patterns', 'rm -rf *.js a?c [ab] "*" {a,b}', ['/w: rm -rf *.js a?c [ab] "*" a b']],
  ['redirections', 'a >b 2>>c <d 2>&1 &>e >|f', ['/w: a >b >>c <d &>e >|f']],
  ['comments', 'a # rm -rf /\nb#c', ['/w: a', '/w: b#c'].map((line) => line.replace('b#c', 'b#c'))],
  ['a here-document', "cat <<'EOF' >x\nrm -rf /\nEOF\na", ['/w: cat >x', '/w: a']],
  ['a here-document for a shell', 'bash <<EOF\nrm x\nEOF', ['/w: bash', '/w: rm x']],
  ['a here-document before a pipe', 'grep x <<EOF | sh\nrm -rf /\nEOF\na', ['/w: grep x', '/w: sh', '/w: a']],
  ['a here-document handed on to a shell', 'cat <<EOF | sh\nrm x\nEOF\na', ['/w: cat', '/w: sh', '/w: rm x', '/w: a']],
  ['wrappers', 'sudo -u me env A=1 nice -n 5 timeout -k 2 9 /bin/RM.exe -r x', ['/w: rm -r x']],
  ['more from elsewhere', 'ls | xargs -n 1 -I {} rm -rf', ['/w: ls', '/w: rm -rf +']],
  ['a shell in a shell', `bash -lc "cd x && rm y"; a`, ['/w: bash -lc "cd x && rm y"', '/w: cd x', '/w/x: rm y', '/w: a']],
  ['eval', `eval cd x; a`, ['/w: eval cd x', '/w: cd x', '/w/x: a']],
  ['find', 'find a b -name c -exec rm -rf {} \\;', ['/w: find a b -name c -exec rm -rf {} ";"', '/w: rm -rf a/… b/…']],
  [
    'keywords',
    'if a; then rm x; fi; for i in 1 2; do rm $i; done',
    ['/w: a', '/w: rm x', '/w: …', '/w: for i in 1 2', '/w: rm 1', '/w: rm 2', '/w: …'],
  ],
  ['a loop over who knows what', 'for i in $X; do rm $i; done; a', ['/w: for i in …', '/w: rm …', '/w: …', '/w: a']],
  [
    'a loop in a loop, in a pipeline',
    'for i in 1 2; do for j in *.c; do rm $i$j; done; done | b; a',
    [
      '/w: for i in 1 2',
      ...['1', '2'].flatMap((i) => ['/w: for j in *.c', `/w: rm ${i}*.c`, '/w: …']),
      '/w: …',
      '/w: b',
      '/w: a',
    ],
  ],
  ['lists in braces', 'rm -rf {a,b}/{c,} x{1..3} "{a,b}"', ['/w: rm -rf a/c a/ b/c b/ x… {a,b}']],
  ['a variable of several words', 'D="a b"; $D $D "$D"', ['/w: … ', '/w: a b a b "a b"'].map((line) => line.trim())],
  [
    'what mktemp made',
    'T=$(mktemp -d); rm "$T/x"; cd "$T"; a',
    ['/w: mktemp -d', '/w: …', '/w: rm …/x', '/w: cd …', '/\0fresh: a'],
  ],
  ['a function', 'f() { rm x; }; function g { rm y; }', ['/w: rm x', '/w: rm y']],
  [
    'what is said to a shell',
    `echo 'rm x' | sh; bash <<<'rm y'; sh file <<<'rm z'`,
    ['/w: echo "rm x"', '/w: sh', '/w: rm x', '/w: bash <<<"rm y"', '/w: rm y', '/w: sh file <<<"rm z"'],
  ],
  ['a string that env takes apart', `env -i -S 'A=1 rm x' y`, ['/w: rm x y']],
  ['one that times', 'time -p rm x', ['/w: rm x']],
  ['a group', '{ cd x; a; }; b', ['/w: cd x', '/w/x: a', '/w/x: b']],
  ['a line that goes on', 'rm \\\n  -rf x', ['/w: rm -rf x']],
  ['an escaped name', '\\rm x', ['/w: rm x']],
  ['quoting in C', `a $'b c' $'d\\n'`, ['/w: a "b c" …']],
  ['process substitution', 'diff <(a) <(b)', ['/w: a', '/w: b', '/w: diff … …']],
])('%s', (_what, script, runs) => {
  expect(follow(script)).toEqual(runs)
})

test.each<[string, string, string[]]>([
  [
    'paths and backquotes',
    'Remove-Item -Recurse C:\\x\\y "a`"b" c` d',
    ['/w: remove-item -Recurse "C:\\\\x\\\\y" "a\\"b" "c d"'],
  ],
  ['quotes in quotes', "a 'it''s'", ['/w: a "it\'s"']],
  ['variables', 'rm $env:HOME $x', ['/w: rm /home/me …']],
  ['blocks', 'a | foreach { rm $_ }', ['/w: a', '/w: rm …', '/w: foreach']],
])('of the other shell: %s', (_what, script, runs) => {
  expect(follow(script, 'powershell')).toEqual(runs)
})

test('a word of forty thousand lists in braces is one that is not known', () => {
  expect(follow(`rm ${'{a,b}'.repeat(40_000)}`)).toEqual([`/w: rm ${'…'.repeat(40_000)}`])
})

test('a word of forty thousand variables, beside a list, is one for each of the list', () => {
  const variables = '$HOME'.repeat(40_000)
  expect(follow(`rm "${variables}"{a,b}`)).toEqual([`/w: rm ${'/home/me'.repeat(40_000)}a ${'/home/me'.repeat(40_000)}b`])
})
