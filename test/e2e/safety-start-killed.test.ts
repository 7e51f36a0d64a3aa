import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { runCli, runProgram } from '../support/run-cli.ts'

/** Every place in the making of a worktree where something of it is on the disk. */
const points = [
  'before:add-worktree',
  'write:commondir',
  'replace:gitdir',
  'after-git:symbolic-ref',
  'rename:admin-directory',
  'placed:admin-directory',
  'replace:.git',
  'before-git:reset',
  'after-git:reset',
  'before-git:run-post-checkout',
]

const bystanders = [
  ['fetch', 'origin'],
  ['worktree', 'list'],
  ['fsck', '--no-dangling'],
  ['worktree', 'prune', '--expire=now'],
  ['gc', '--quiet', '--prune=now'],
  ['status'],
]

async function expectNothingLeft(project: TestProject): Promise<void> {
  expect(await project.git(['for-each-ref', 'refs/heads/session'])).toBe('')
  expect(await readdir(join(project.path, '.git/worktrees')).catch(() => [])).toEqual([])
  await expect(access(project.session('a'))).rejects.toThrow('ENOENT')
  const own = await readdir(join(project.path, '.git/flightrules'))
  expect(own.filter((name) => name.startsWith('new-worktree'))).toEqual([])
  expect(await readdir(join(project.path, '.git/flightrules/journal'))).toEqual([])
  await project.start('a')
}

describe.concurrent('a start that is killed', () => {
  test.each(points)('at %s harms nobody, and the next command takes it back', async (point) => {
    const project = await makeProject({ remote: true })
    const env = { ...project.env, FLIGHTRULES_FAILPOINT: `${point}=kill` }
    expect((await runCli(['start', 'a'], { cwd: project.path, env })).status).not.toBe(0)
    for (const args of bystanders) {
      const { status, stderr } = await runProgram('git', args, { cwd: project.path, env: project.env })
      expect(`${args.join(' ')}: ${status} ${stderr.replaceAll(/^(?:From|Auto|Enum).*\n/gm, '')}`).toBe(`${args.join(' ')}: 0 `)
    }
    await project.status()
    await expectNothingLeft(project)
  })
})

/** A project whose checkout stops in a filter that says which git has called it, until `go` is there. */
async function makeSlowCheckout(): Promise<{ project: TestProject; caller: () => Promise<number>; go: () => Promise<void> }> {
  const project = await makeProject({ files: { 'a.txt': 'a\n', '.gitattributes': 'a.txt filter=slow\n' } })
  const [called, go] = [join(project.parent, 'called'), join(project.parent, 'go')]
  const script = join(project.parent, 'smudge.sh')
  await writeFile(script, `echo $PPID > '${called}'; while ! [ -e '${go}' ]; do sleep 0.05; done; cat\n`)
  await project.git(['config', 'filter.slow.smudge', `exec sh '${script}'`])
  await project.git(['config', 'filter.slow.clean', 'cat'])
  await project.git(['config', 'filter.slow.required', 'true'])
  const caller = async (): Promise<number> => {
    for (;;) {
      const text = await readFile(called, 'utf8').catch(() => '')
      if (text.endsWith('\n')) return Number(text)
      await sleep(10)
    }
  }
  return { project, caller, go: () => writeFile(go, '') }
}

/** One that nobody asks for its end stays in the list of processes. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) [ZX] /.test(stat)
}

const startInGroup = ({ path, env }: TestProject): ReturnType<typeof spawn> =>
  spawn(process.execPath, [join(packedPackage(), 'dist', 'cli.cjs'), 'start', 'a'], {
    cwd: path,
    env,
    stdio: 'ignore',
    detached: true,
  })

describe.skipIf(!existsSync('/proc/self/environ'))('a start in the middle of its checkout', () => {
  test.each(['alone', 'with everything it started'])(
    'is killed %s: the next command stops what is left and takes it back',
    async (how) => {
      const { project, caller, go } = await makeSlowCheckout()
      const child = startInGroup(project)
      const git = await caller()
      process.kill(how === 'alone' ? (child.pid ?? 0) : -(child.pid ?? 0), 'SIGKILL')
      await once(child, 'close')
      // the signal went to all of them, and each takes its own moment to be gone
      if (how !== 'alone') while (await isRunning(git)) await sleep(10)
      expect(await isRunning(git)).toBe(how === 'alone')
      await project.status()
      expect(await isRunning(git)).toBe(false)
      await go()
      await expectNothingLeft(project)
    },
  )

  test('whose git is killed takes everything back at once', async () => {
    const { project, caller, go } = await makeSlowCheckout()
    const child = startInGroup(project)
    const git = await caller()
    expect(await readFile(`/proc/${git}/comm`, 'utf8')).toBe('git\n')
    process.kill(git, 'SIGKILL')
    await go()
    const [status] = (await once(child, 'close')) as [number]
    expect(status).toBe(1)
    await expect(access(project.session('a'))).rejects.toThrow('ENOENT')
    expect(await project.git(['for-each-ref', 'refs/heads/session'])).toBe('')
    // what a killed git may have left of locks is settled by the next command
    await project.status()
    await expectNothingLeft(project)
  })
})
