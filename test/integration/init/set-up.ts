import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { lstat, readFile, readdir, readlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { Git } from '../../../src/git/git.ts'
import { type AppliedInit, applyInit } from '../../../src/githooks/install/apply-init.ts'
import { type RemovalResult, applyRemoval } from '../../../src/githooks/install/apply-removal.ts'
import type { InitPlan } from '../../../src/githooks/install/init-plan.ts'
import { type InitInput, planInit } from '../../../src/githooks/install/plan-init.ts'
import { planRemoval } from '../../../src/githooks/install/plan-removal.ts'
import type { TestRepository } from '../../support/repository.ts'
import { packageRoot } from '../shims/shim-repository.ts'

type Wanted = Pick<InitInput, 'hooks' | 'presets' | 'agents'>

export function plan(repo: TestRepository, wanted: Wanted = {}, cwd = repo.path): Promise<InitPlan> {
  return planInit({ git: new Git(cwd, repo.env), node: process.execPath, packageRoot, ...wanted })
}

export async function init(repo: TestRepository, wanted: Wanted = {}, cwd = repo.path, lookedAt?: string): Promise<AppliedInit> {
  return applyInit(new Git(cwd, repo.env), await plan(repo, wanted, cwd), lookedAt)
}

export async function remove(repo: TestRepository, cwd = repo.path): Promise<RemovalResult> {
  const git = new Git(cwd, repo.env)
  return applyRemoval(git, await planRemoval({ git }))
}

/** Every file, mode and link of the worktree and of git's hooks and excludes, and the repository's git config. */
export async function fingerprint(repo: TestRepository): Promise<string[]> {
  const lines: string[] = []
  const visit = async (folder: string): Promise<void> => {
    for (const name of (await readdir(join(repo.path, folder)).catch(() => [])).sort()) {
      const path = join(folder, name)
      if (path === '.git') continue
      const stats = await lstat(join(repo.path, path))
      const mode = (stats.mode & 0o777).toString(8)
      if (stats.isDirectory()) {
        lines.push(`${path}/ ${mode}`)
        await visit(path)
      } else if (stats.isSymbolicLink()) lines.push(`${path} -> ${await readlink(join(repo.path, path))}`)
      else
        lines.push(
          `${path} ${mode} ${createHash('sha256')
            .update(await readFile(join(repo.path, path)))
            .digest('hex')}`,
        )
    }
  }
  await visit('')
  await visit('.git/hooks')
  await visit('.git/info')
  lines.push(...(await repo.git(['config', '--list', '--local'])).split('\n'))
  return lines
}

/** Puts husky into a repository as its own `prepare` does. */
export async function setUpHusky(repo: TestRepository, folder?: string): Promise<void> {
  const args = [join(packageRoot, 'node_modules/husky/bin.js'), ...(folder === undefined ? [] : [folder])]
  execFileSync(process.execPath, args, { cwd: repo.path, env: repo.env })
}

/** Where a program is on PATH, undefined when it is not on this machine. */
export function findOnPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file))
}

/** A stand-in for the binary in the main worktree that notes `<hook> <input>` in `<parent>/order`, as `noteScript` does for others. */
export function standIn(repo: TestRepository): string {
  return `#!/bin/sh\n{ echo "ours $2"; [ "$2" != pre-push ] || cat; } >>'${repo.parent}/order'\n[ ! -f '${repo.parent}/status' ] || exit "$(cat '${repo.parent}/status')"\n`
}

/** A line of shell for somebody else's hook: notes itself and its input. */
export function noteScript(repo: TestRepository, label: string, readsInput: boolean): string {
  return `{ echo "${label}"; ${readsInput ? 'cat' : ':'}; } >>'${repo.parent}/order'\n`
}

export async function order(repo: TestRepository): Promise<string[]> {
  const text = await readFile(join(repo.parent, 'order'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\b[0-9a-f]{40}\b/g, '<oid>'))
}
