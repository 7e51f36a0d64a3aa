import { execFile } from 'node:child_process'
import { lstat, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { gitignore, makeProject, type TestProject } from '../support/flightrules-project.ts'

const run = promisify(execFile)
const secret = 'TOKEN=hunter2-hunter2\n'

/** Every file below the project's parent that holds the secret, but the one it was written into. */
async function copiesOf(project: TestProject): Promise<string[]> {
  const entries = await readdir(project.parent, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && (await readFile(path, 'latin1')).includes('hunter2')) found.push(path.slice(project.parent.length + 1))
  }
  return found.toSorted()
}

/** A branch to start from that holds what somebody else wrote. */
async function makeBranch(project: TestProject, name: string, write: (directory: string) => Promise<void>): Promise<void> {
  const directory = join(project.parent, 'elsewhere')
  await project.git(['clone', '-q', project.path, directory])
  await write(directory)
  await project.git(['add', '--all', '--force'], directory)
  await project.git(['commit', '-q', '-m', name], directory)
  await project.git(['fetch', '-q', directory, `HEAD:refs/heads/${name}`])
  await run('rm', ['-rf', directory])
}

describe.concurrent('an env file is not copied', () => {
  const branches: readonly (readonly [
    what: string,
    code: string,
    write: (directory: string, outside: string) => Promise<void>,
  ])[] = [
    [
      'where the branch has it as a symlink',
      'ENV_FILE_BEHIND_SYMLINK',
      (directory, outside) => symlink(outside, join(directory, 'app/.env')),
    ],
    [
      'where the branch has it as a symlink to nowhere',
      'ENV_FILE_BEHIND_SYMLINK',
      (directory, outside) => symlink(join(outside, 'none'), join(directory, 'app/.env')),
    ],
    [
      'where the branch has its folder as a symlink',
      'ENV_FILE_BEHIND_SYMLINK',
      async (directory, outside) => {
        await run('rm', ['-r', join(directory, 'app')])
        await symlink(outside, join(directory, 'app'))
      },
    ],
    [
      'where the branch does not ignore it',
      'ENV_FILE_NOT_IGNORED',
      async (directory) => void (await run('sh', ['-c', 'echo node_modules >.gitignore'], { cwd: directory })),
    ],
    [
      'where the branch’s own rules take it back in',
      'ENV_FILE_NOT_IGNORED',
      async (directory) => void (await run('sh', ['-c', 'echo "!.env" >app/.gitignore'], { cwd: directory })),
    ],
  ]

  test.each(branches)('%s, and this is said', async (_what, code, write) => {
    const project = await makeProject({ config: { envFiles: ['app/.env'] }, files: { 'app/a.txt': 'a\n' } })
    const outside = join(project.parent, 'outside')
    await mkdir(outside)
    await project.write('app/.env', secret)
    await makeBranch(project, 'evil', (directory) => write(directory, outside))
    const { findings, session } = await project.start('a', '--base', 'evil')
    expect(findings.map((finding) => finding.code)).toContain(code)
    expect(findings.map((finding) => finding.message).join()).toContain('app/.env')
    expect(session.envFiles).toEqual([])
    expect(await copiesOf(project)).toEqual(['project/app/.env'])
  })

  test('where the branch tracks it: what the branch has stays', async () => {
    const project = await makeProject({ config: { envFiles: ['app/.env'] }, files: { 'app/a.txt': 'a\n' } })
    await project.write('app/.env', secret)
    await makeBranch(project, 'evil', async (directory) => {
      await run('sh', ['-c', 'echo theirs >app/.env'], { cwd: directory })
    })
    const { path } = await project.start('a', '--base', 'evil')
    expect(await readFile(join(path, 'app/.env'), 'utf8')).toBe('theirs\n')
    expect(await copiesOf(project)).toEqual(['project/app/.env'])
  })

  test('that is a symlink, a pipe or a device in the main worktree', async () => {
    const project = await makeProject({ config: { envFiles: ['.env*', 'linked/.env'] } })
    await project.write('../outside/.env', secret)
    await symlink('../outside/.env', join(project.path, '.env'))
    await symlink('../outside', join(project.path, 'linked'))
    await run('mkfifo', [join(project.path, '.env.pipe')])
    // only root may make one
    await run('mknod', [join(project.path, '.env.zero'), 'c', '1', '5']).catch(() => {})
    const { path, findings, session } = await project.start('a', '--proceed')
    expect(findings.map(({ code }) => code)).toContain('ENV_FILE_NOT_REGULAR')
    expect(session.envFiles).toEqual([])
    expect((await readdir(path)).filter((name) => name.startsWith('.env'))).toEqual([])
    expect(await copiesOf(project)).toEqual(['outside/.env'])
  })

  test.each([
    '../outside/.env',
    '../**/.env',
    '{..,x}/outside/.env',
    '@(..)/outside/.env',
    '[.][.]/outside/.env',
    '*/../../outside/.env',
    '~/.env',
    '/**/.env',
    '**/.git/config',
    '.git/**',
    '.GIT/*',
    '{.git,x}/config',
    '../project-sessions/*/.env',
    '..\\outside\\.env',
    '!../x',
    '\u202e.env',
  ])('by the glob %j that leads out of the main worktree or into .git', async (glob) => {
    const project = await makeProject()
    await project.write('../outside/.env', secret)
    await project.write(join(project.env['HOME'] ?? '', '.env'), secret)
    await project.write('.git/secret', secret)
    const before = await copiesOf(project)
    await project.write('flightrules.config.json', JSON.stringify({ envFiles: [glob] }))
    await project.git(['commit', '-q', '-am', 'glob'])
    const digest = (await project.json(['trust', '--show'])).json
    const approved = (digest.data as unknown as { digest?: string } | undefined)?.digest
    if (approved !== undefined) await project.cli(['trust', '--digest', approved])
    const { json } = await project.json(['start', 'a'])
    if (json.ok) expect((json.data as unknown as { session: { envFiles: string[] } }).session.envFiles).toEqual([])
    expect(await copiesOf(project)).toEqual(before)
  })
})

test.concurrent.each([0o644, 0o666, 0o400, 0o777])(
  'a copy is for its owner alone though the source has mode %o',
  async (mode) => {
    const project = await makeProject({ config: { envFiles: ['.env'], ports: { PORT: 56000 } } })
    await project.write('.env', secret)
    await run('chmod', [mode.toString(8), join(project.path, '.env')])
    const { path } = await project.start('a')
    for (const name of ['.env', '.env.local']) expect((await lstat(join(path, name))).mode & 0o777).toBe(0o600)
  },
)

describe.concurrent('values from outside are data to a shell', () => {
  const hostile = [
    "';touch canary;'",
    '$(touch canary)',
    '`touch canary`',
    '"; touch canary; "',
    'a\ntouch canary',
    '{worktree} ${HOME} $HOME',
    '-n',
    '*',
  ]

  test.each(hostile)('the goal %j', async (goal) => {
    const project = await makeProject({
      config: {
        env: { BRANCH: '{branch}', WHERE: '{project} {session} {base} {main}' },
        postCreateHook: [
          'printf "%s\\n" "$FLIGHTRULES_BRANCH $WHERE" > .env.seen',
          'set -a; . ./.env.local; set +a; printf "%s\\n" "$BRANCH" >> .env.seen',
        ],
        preRemoveHook: 'printf "%s" "$BRANCH $FLIGHTRULES_SESSION"',
      },
    })
    const { path, session } = await project.start('a', '--goal', goal)
    expect(session.goals).toEqual([goal])
    expect(session.setup?.status).toBe('ok')
    await writeFile(join(path, 'work.txt'), 'work\n')
    await project.git(['add', 'work.txt'], path)
    await project.git(['commit', '-q', '-m', goal], path)
    expect((await project.json(['end', 'a', '--strategy', 'merge'])).status).toBe(0)
    expect(await readdir(project.parent, { recursive: true })).not.toContainEqual(expect.stringMatching(/(?:^|\/)canary$/))
  })

  test.each([
    ';touch${IFS}canary;',
    '$(touch${IFS}canary)',
    '`touch${IFS}canary`',
    '";touch${IFS}canary;"',
    "'x'",
    '{main}',
    '-n',
  ])('the branch and base %j', async (name) => {
    const project = await makeProject({
      config: {
        env: { BRANCH: '{branch}', BASE: '{base}' },
        postCreateHook: 'set -a; . ./.env.local; set +a; printf "%s|%s\\n" "$BRANCH" "$BASE" > .env.seen',
      },
    })
    await project.git(['update-ref', `refs/heads/${name}`, 'HEAD'])
    await project.git(['update-ref', `refs/heads/on${name}`, 'HEAD'])
    const { path } = await project.start('a', `--base=${name}`)
    expect(await readFile(join(path, '.env.seen'), 'utf8')).toBe(`session/a|${name}\n`)
    // one that git makes, with a branch of that name
    await project.git(['worktree', 'add', '-q', project.session('b'), `on${name}`])
    expect(await readFile(join(project.session('b'), '.env.seen'), 'utf8')).toBe(`on${name}|main\n`)
    expect(await readdir(project.parent, { recursive: true })).not.toContainEqual(expect.stringMatching(/(?:^|\/)canary$/))
  })

  test('the folder’s own name, which is part of paths and templates', async () => {
    const project = await makeProject({
      name: '$(touch canary);`touch canary`',
      config: {
        env: { NAME: '{project}' },
        postCreateHook: 'set -a; . ./.env.local; set +a; printf "%s" "$NAME|$FLIGHTRULES_MAIN" > .env.seen',
      },
      files: { '.gitignore': gitignore },
    })
    const { path } = await project.start('a')
    expect(await readFile(join(path, '.env.seen'), 'utf8')).toBe(`$(touch canary);\`touch canary\`|${project.path}`)
    expect((await readdir(project.path)).includes('canary')).toBe(false)
    expect((await readdir(path)).includes('canary')).toBe(false)
  })
})
