import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'

/** A project whose config is a module somebody wrote; nothing of it is approved. */
async function makeWithModule(text: string): Promise<TestProject> {
  const project = await makeProject()
  await rm(join(project.path, 'flightrules.config.json'))
  await project.commit('config', { 'flightrules.config.mjs': text })
  return project
}

const approve = async (project: TestProject) => {
  const { json } = await project.json(['trust', '--show'])
  const { digest } = (json.data ?? {}) as unknown as { digest?: string }
  return project.json(['trust', '--digest', digest ?? 'f'.repeat(64)])
}

for (const [what, text, words] of [
  ['throws', 'throw new Error("my own mistake")\n', 'my own mistake'],
  ['is empty', '', 'export'],
  ['exports a function', 'export default () => ({})\n', 'function'],
  ['exports a list', 'export default []\n', ''],
  ['does not parse', 'export default {\n', ''],
  ['imports what is not there', 'import "./missing.mjs"\nexport default {}\n', 'missing.mjs'],
] as const) {
  test.concurrent(`a config that ${what} is refused with its name, and nothing runs or changes`, async () => {
    const project = await makeWithModule(text)
    const { status, json } = await approve(project)
    expect({ status, ok: json.ok }).toEqual({ status: 2, ok: false })
    expect(json.error.message).toContain('flightrules.config.mjs')
    expect(json.error.message + JSON.stringify(json.error.details)).toContain(words)
    const start = await project.json(['start', 'a'])
    expect({ status: start.status, code: start.json.error.code }).toEqual({ status: 6, code: 'CONFIG_NOT_TRUSTED' })
    expect((await project.json(['status'])).status).toBe(0)
  })
}

test.concurrent('a config that never ends is stopped', async () => {
  const project = await makeWithModule('for (;;) {}\nexport default {}\n')
  const { status, json } = await approve(project)
  expect(status).toBe(2)
  expect(json.error.message).toMatch(/flightrules\.config\.mjs: it did not finish within \d+ s/)
})

test.concurrent('an unapproved config is not loaded by any command that only looks', async () => {
  const project = await makeWithModule(
    'import { writeFileSync } from "node:fs"\nwriteFileSync("ran.txt", "x")\nexport default {}\n',
  )
  for (const args of [
    ['status'],
    ['config', 'show'],
    ['trust', '--show'],
    ['path', 'x'],
    ['start', 'a', '--no-setup'],
    ['start', 'b', '--dry-run', '--no-setup'],
  ])
    await project.cli(args)
  await project.git(['worktree', 'add', '-q', '-b', 'other', join(project.parent, 'other')])
  expect(await project.git(['status', '--porcelain'])).toBe('')
  expect((await project.status()).sessions).toHaveLength(2)
})

test.concurrent('every problem of a config is said at once, each with its place and the nearest key', async ({ expect }) => {
  const project = await makeProject()
  await project.write(
    'flightrules.config.json',
    JSON.stringify({ sesionsDir: 'x', ports: { PORT: 'abc' }, end: { strategy: 'squash' }, envFiles: '.env' }),
  )
  const { status, json } = await approve(project)
  expect(status).toBe(2)
  expect(json.error.message.replaceAll(project.path, '<main>')).toMatchInlineSnapshot(`
    "flightrules.config.json has 4 problems:
      envFiles: is ".env"; a list is expected
      ports.PORT: is "abc"; a number or an object is expected
      end.strategy: is "squash"; allowed: "pr", "merge", "keep", "abandon"
      sesionsDir: is not a known key; allowed here: $schema, extends, sessionsDir, branchPrefix, base, mode, envFiles, dependencies, ports, env, aliases, envOut, postCreateHook, preRemoveHook, sessionLog, end, appendOnly, documents, stale, hooks, agents, trash, forges (did you mean \`sessionsDir\`?)"
  `)
})
