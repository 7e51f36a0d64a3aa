import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { removeBlock } from '../../../src/githooks/install/hook-block.ts'
import { registerInLefthook } from '../../../src/githooks/install/lefthook-yaml.ts'

function withoutBlocks(text: string): string {
  const once = removeBlock(text)
  return once === text ? text : withoutBlocks(once)
}

test.each([
  ['nothing', ''],
  ['only comments', '# lefthook\n'],
  ['another hook', 'pre-commit:\n  commands:\n    a:\n      run: x\n'],
  [
    'a hook of ours with commands',
    '# top\npre-push: # note\n\n  # inside\n  parallel: true\n  commands: {a: {run: "x # y"}}\n\npost-merge:\n    jobs:\n        - run: z\n',
  ],
  [
    'a hook with scripts',
    'pre-push:\n  scripts:\n      # first\n      "a.sh":\n          runner: bash\npre-commit:\n  commands: {}\n',
  ],
  ['an empty hook', 'pre-push:\npost-checkout:\n  scripts:\npre-commit: {}\n'],
  ['CRLF line ends', 'pre-push:\r\n  piped: true\r\n'],
  ['anchors', 'x: &x\n  run: a\npre-push:\n  commands:\n    a: *x\n'],
])('a config with %s gets three scripts and keeps every other byte', async (_, before) => {
  const after = await registerInLefthook(before)
  expect(after).toBeDefined()
  const value = parse(after ?? '') as Record<string, { scripts: Record<string, unknown> }>
  expect(value['pre-push']?.scripts['flightrules.sh']).toEqual({ runner: 'sh', use_stdin: true })
  expect(value['post-checkout']?.scripts['flightrules.sh']).toEqual({ runner: 'sh' })
  expect(withoutBlocks(after ?? '')).toBe(before)
  expect(await registerInLefthook(after ?? '')).toBe(after)
})

test.each([
  ['a hook in flow form', 'pre-push: {commands: {a: {run: x}}}\n'],
  ['a hook that is an alias', 'x: &x\n  commands: {}\npre-push: *x\n'],
  ['two documents', 'a: 1\n---\nb: 2\n'],
  ['a list', '- a\n'],
  ['no YAML', 'a: [\n'],
])('%s is left to the person', async (_, text) => {
  expect(await registerInLefthook(text)).toBeUndefined()
})
