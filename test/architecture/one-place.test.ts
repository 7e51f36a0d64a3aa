import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot, readSourceFiles } from '../support/source-files.ts'

const files = await readSourceFiles('src', 'presets')

function filesWith(pattern: RegExp, except: readonly string[] = []): string[] {
  return files.filter(({ path, code }) => pattern.test(code) && !except.includes(path)).map(({ path }) => path)
}

test('git is started in one file', () => {
  const starts = /\b(?:spawn|spawnSync|execFile|execFileSync|exec|execSync|execa)\w*\(\s*['"`]git(?:\.exe)?\b/
  expect(filesWith(starts, ['src/git/git.ts'])).toEqual([])
})

test('no call of ours goes through a shell line', () => {
  expect(filesWith(/\bexecSync\(|\bexec\(\s*[`'"]|import \{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child_process'/)).toEqual([])
})

/** Tells agents what they must not type. */
const forbids = 'src/agents/slash/templates/rules.ts'

/** They take away the scratch folder they made themselves a few lines above, and nothing else. */
const scratchFolders = [
  'src/git/scratch-objects.ts',
  'src/git/index-copy.ts',
  'src/git/merge-checkout.ts',
  'src/git/store-commits.ts',
  'src/git/scratch-checkout.ts',
  'src/git/settle-paths.ts',
  'src/setup/staging.ts',
]

test('folders with something in them are deleted in one file', () => {
  const deletes = /\b(?:rm|rmSync|rmdir|rmdirSync)\((?:[^()]|\([^()]*\))*recursive|['"]rm['"],|\brm -r/
  expect(filesWith(deletes, ['src/operations/trash/delete.ts', forbids, ...scratchFolders])).toEqual([])
})

test.each(scratchFolders)('%s deletes once, what it made', (path) => {
  const code = files.find((file) => file.path === path)?.code ?? ''
  expect(code.match(/\brm\((?:directory|aside), \{ recursive: true, force: true \}\)/g)).toHaveLength(1)
  expect(code).toMatch(/\bmkdtemp\(|flightrules-staging-/)
})

test.each([
  ['worktree remove --force', /['"]remove['"][^\n]*['"](?:--force|-f)['"]|worktree remove (?:--force|-f)\b/],
  ['worktree prune', /['"]worktree['"],\s*['"]prune['"]|git worktree prune/],
  ['branch -D', /['"]branch['"][^\n]*['"]-D['"]|git branch -D/],
  ['reset --hard', /['"]reset['"][^\n]*['"]--hard['"]|git reset --hard/],
  ['clean -f', /['"]clean['"],\s*['"]-[a-z]*f|git clean -/],
  ['stash drop, pop or clear', /['"]stash['"],\s*['"](?:drop|pop|clear)['"]|git stash (?:drop|pop|clear)/],
  ['push --force', /['"]push['"][^\n]*['"](?:--force|-f)['"]/],
  ['gc and reflog expire', /['"](?:gc|prune)['"],|['"]reflog['"],\s*['"]expire['"]/],
])('nothing runs git %s', async (_, pattern) => {
  expect([...filesWith(pattern, [forbids]), ...(await hooksWith(pattern))]).toEqual([])
})

test('zod is imported as a whole: the named import would bundle all of it', () => {
  expect(filesWith(/import\s*\{[^}]*\bz\b[^}]*\}\s*from\s*['"]zod/)).toEqual([])
})

test('no file is a barrel but the public entry', () => {
  expect(filesWith(/^export (?:type )?\*/m, ['src/index.ts'])).toEqual([])
})

test('no escape from the types', () => {
  expect(filesWith(/\bas any\b|:\s*any\b|@ts-ignore|@ts-expect-error|@ts-nocheck/)).toEqual([])
})

async function hooksWith(pattern: RegExp): Promise<string[]> {
  const names = await readdir(join(packageRoot, 'hooks')).catch(() => [])
  const texts = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(packageRoot, 'hooks', name), 'utf8') })),
  )
  return texts.filter(({ text }) => pattern.test(text)).map(({ name }) => `hooks/${name}`)
}
