import type { BigIntStats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { mapSideBySide } from '../../files/side-by-side.ts'
import { type BytePath, bytePath, placeOf, textOf } from './byte-path.ts'

export interface WalkedEntry {
  readonly path: BytePath
  readonly type: 'file' | 'link' | 'directory'
  /** Permission bits, the special ones too. */
  readonly mode: number
  readonly size: number
  /** Differs once anything about it was changed. */
  readonly stamp: string
}

/** Why something could not be stored. */
export type UncapturedReason =
  /** A git repository of its own, a submodule with content, or what git keeps for one. */
  | 'repository'
  /** A fifo, socket or device. */
  | 'special-file'
  /** Another file system is mounted there. */
  | 'mount'
  | 'unreadable'
  /** Larger than a snapshot takes. */
  | 'too-large'
  /** It was being written while it was read. */
  | 'changing'

export interface Uncaptured {
  /** For people; a trailing slash for a whole folder. What git keeps for the worktree is below `.git/`. */
  readonly path: string
  readonly why: UncapturedReason
}

export interface WalkedTree {
  /** Folders before what is in them. */
  readonly entries: readonly WalkedEntry[]
  readonly uncaptured: readonly Uncaptured[]
  readonly excepted: readonly BytePath[]
}

export interface WalkOptions {
  /** What is left out, with everything below it; gets the path as text. */
  readonly isExcepted: (path: string) => boolean
  /** Put before the paths of what cannot be stored. */
  readonly shownBelow?: string
}

/** Everything below a folder, as the file system has it: git's ignore rules, flags and settings say nothing here. Follows no link. */
export async function walkTree(root: string, options: WalkOptions): Promise<WalkedTree> {
  const tree = { entries: [] as WalkedEntry[], uncaptured: [] as Uncaptured[], excepted: [] as BytePath[] }
  const { dev } = await lstat(root, { bigint: true })
  const refuse = (path: BytePath, why: UncapturedReason, folder = false): void => {
    tree.uncaptured.push({ path: `${options.shownBelow ?? ''}${textOf(path)}${folder ? '/' : ''}`, why })
  }
  const visit = async (folder: BytePath): Promise<void> => {
    const names = await readdir(placeOf(root, folder), { encoding: 'buffer' }).catch(() => undefined)
    if (names === undefined) return refuse(folder, 'unreadable', true)
    const all = names.map(bytePath).toSorted()
    // some file systems take .GIT for the same
    if (folder !== '' && all.some((name) => /^\.git$/i.test(name))) {
      // nothing of it is stored, so that nobody takes a half of it for the whole
      tree.entries.pop()
      return refuse(folder, 'repository', true)
    }
    const paths = all.map((name) => (folder === '' ? name : `${folder}/${name}`))
    const known = paths.filter((path) => !options.isExcepted(textOf(path)))
    tree.excepted.push(...paths.filter((path) => options.isExcepted(textOf(path))))
    const found = await mapSideBySide(known, (path) => lstat(placeOf(root, path), { bigint: true }).catch(() => undefined))
    for (const [index, path] of known.entries()) {
      const stats = found[index]
      if (stats === undefined) {
        refuse(path, 'unreadable')
        continue
      }
      const type = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : undefined
      if (type === undefined) refuse(path, 'special-file')
      else if (/^\.git$/i.test(path)) refuse(path, 'repository', type === 'directory')
      else if (stats.dev !== dev) refuse(path, 'mount', type === 'directory')
      else {
        const mode = Number(stats.mode & 0o7777n)
        tree.entries.push({ path, type, mode, size: Number(stats.size), stamp: stampOf(path, stats) })
        if (type === 'directory') await visit(path)
      }
    }
  }
  await visit('')
  return tree
}

/** git itself sets the time of a shared index whenever it reads it; such a file is never written twice. */
export function stampOf(path: BytePath, { ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return (path.startsWith('sharedindex.') ? [ino, size] : [ino, size, mtimeNs, ctimeNs]).join(' ')
}
