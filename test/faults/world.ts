import { execFile } from 'node:child_process'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import type { Apparatus } from './apparatus.ts'

const run = promisify(execFile)

/** A project that can be put back to what it was, again and again, at the very same path. */
export interface World {
  readonly project: TestProject
  readonly apparatus: Apparatus
  /** What must not be lost in the state it was last put back to. */
  tokens: readonly string[]
  /** Of those the ones that are only in an index: another version of the file came later. */
  stagedOver: readonly string[]
  /** Folder for what the harness itself keeps; outside of the project. */
  readonly scratch: string
}

/** The program put to the test: ours, or one that is known to be bad. */
export interface Program {
  readonly name: string
  readonly argv: readonly string[]
}

export function ourProgram(): Program {
  return { name: 'flightrules', argv: [process.execPath, join(packedPackage(), 'dist', 'cli.cjs')] }
}

/** Keeps the present state under a name. */
export async function keepState(world: World, name: string): Promise<void> {
  const { parent } = world.project
  await rm(stateFolder(world, name), { recursive: true, force: true })
  await copyFolder(parent, stateFolder(world, name))
}

/** Puts a state back. Copies have other inodes, so git's index is told to look again: a person's `cp -a` of a project would. */
export async function restoreState(world: World, name: string): Promise<void> {
  const { parent } = world.project
  await rm(parent, { recursive: true, force: true })
  await copyFolder(stateFolder(world, name), parent)
  await mkdir(join(world.scratch, 'run'), { recursive: true })
  for (const path of await listCheckouts(world)) {
    await run('git', ['update-index', '-q', '--refresh'], { cwd: path, env: world.project.env }).catch(() => {})
  }
}

async function listCheckouts({ project }: World): Promise<string[]> {
  const text = await project.git(['worktree', 'list', '--porcelain'])
  return [...text.matchAll(/^worktree (.+)$/gm)].map(([, path = '']) => path)
}

function stateFolder(world: World, name: string): string {
  return join(world.scratch, 'states', name)
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await run('cp', ['-a', from, to])
  const missing = (await readdir(from)).length - (await readdir(to)).length
  if (missing !== 0) throw new Error(`${basename(from)} was not copied whole`)
}
