import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { makeRepository, type TestRepository } from '../repository.ts'
import { type CliResult, runProgram } from '../run-cli.ts'

/** A linked worktree somebody works in. */
export interface Site {
  readonly repository: TestRepository
  readonly worktree: string
  readonly gitDir: string
  /** Runs git in the worktree; rejects when it fails. */
  git(...args: string[]): Promise<string>
  /** Runs git in the worktree, whatever it ends with. */
  tryGit(...args: string[]): Promise<CliResult>
  write(path: string, content: string | Uint8Array): Promise<void>
  remove(path: string): Promise<void>
  mode(path: string, mode: number): Promise<void>
  link(path: string, target: string): Promise<void>
  folder(path: string): Promise<void>
  commit(message: string): Promise<string>
  at(path: string): string
}

/** Something a worktree can be in the middle of, all of which must come back. */
export interface Situation {
  readonly name: string
  make(site: Site): Promise<void>
  /** File systems of other platforms do not take such names. */
  readonly platform?: 'linux'
  /** What a snapshot cannot hold of it; the folder in the trash holds everything. */
  readonly uncaptured?: readonly { readonly path: string; readonly why: string }[]
}

/** What is committed where a situation begins. */
export const siteFiles: Readonly<Record<string, string>> = {
  'a.txt': 'a\n',
  'b.txt': 'b\n',
  'dir/c.txt': 'c\n',
  'dir/deep/d.txt': 'd\n',
  'script.sh': '#!/bin/sh\n',
  '.gitignore': 'ignored*\nbuild/\n.env*\n!.env.example\nnode_modules/\n',
}

/** A repository with a linked worktree on the branch `topic`, two commits on, and main one commit further too. */
export async function makeSite(): Promise<Site> {
  const repository = await makeRepository({ files: siteFiles })
  const worktree = join(repository.parent, 'tree')
  await repository.git(['worktree', 'add', '--quiet', '-b', 'topic', worktree])
  return workOn(repository, worktree)
}

/** The same two commits in a worktree that is there already. */
export async function workOn(repository: TestRepository, worktree: string): Promise<Site> {
  const gitDir = await repository.git(['rev-parse', '--absolute-git-dir'], worktree)
  const site = openSite({ repository, worktree, gitDir })
  await site.write('t.txt', 't\n')
  await site.commit('work')
  await site.write('a.txt', 'a of topic\n')
  await site.commit('more work')
  await repository.commit('main goes on', { 'a.txt': 'a of main\n', 'm.txt': 'm\n' })
  return site
}

function openSite(place: Pick<Site, 'repository' | 'worktree' | 'gitDir'>): Site {
  const { repository, worktree } = place
  const at = (path: string): string => join(worktree, path)
  const git: Site['git'] = (...args) => repository.git(args, worktree)
  return {
    ...place,
    at,
    git,
    tryGit: (...args) => runProgram('git', args, { cwd: worktree, env: repository.env }),
    async write(path, content) {
      await mkdir(dirname(at(path)), { recursive: true })
      await writeFile(at(path), content)
    },
    remove: (path) => rm(at(path), { recursive: true }),
    mode: (path, mode) => chmod(at(path), mode),
    link: (path, target) => symlink(target, at(path)),
    folder: async (path) => void (await mkdir(at(path), { recursive: true })),
    async commit(message) {
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return git('rev-parse', 'HEAD')
    },
  }
}

/** A path whose name is bytes. */
export function byteName(site: Site, bytes: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from(site.worktree + sep), Buffer.from(bytes)])
}

/** A repository of its own with one commit. */
export async function makeNested(site: Site, path: string): Promise<void> {
  await site.folder(path)
  await site.repository.git(['init', '--quiet'], site.at(path))
  await site.write(join(path, 'inner.txt'), 'inner\n')
  await site.repository.commit('inner', {}, site.at(path))
}

/** A repository beside the project, to be a submodule. */
export async function makeLibrary(site: Site): Promise<string> {
  const path = join(site.repository.parent, `library-${basename(site.worktree)}`)
  await mkdir(path)
  await site.repository.git(['init', '--quiet'], path)
  await site.repository.commit('library', { [join(path, 'lib.txt')]: 'lib\n' }, path)
  return path
}
