import { sep } from 'node:path'

/**
 * A path relative to a root, separated by slashes, one character a byte: names need not be UTF-8, and must come back as they were.
 */
export type BytePath = string

/** As git writes it with `-z`. */
export function bytePath(bytes: Uint8Array): BytePath {
  return Buffer.from(bytes).toString('latin1')
}

/** For the file system. */
export function placeOf(root: string, path: BytePath): Buffer {
  if (path === '') return Buffer.from(root)
  return Buffer.concat([Buffer.from(root + sep), Buffer.from(path, 'latin1')])
}

/** For people, and for patterns. What is not UTF-8 has replacement characters. */
export function textOf(path: BytePath): string {
  return Buffer.from(path, 'latin1').toString()
}

/** How JSON holds it: as text where that is exact, else as base64. */
export type StoredPath = string | { readonly base64: string }

export function storePath(path: BytePath): StoredPath {
  const bytes = Buffer.from(path, 'latin1')
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') }
}

/** The path, undefined where it leads out of its root or is not one at all. */
export function parsePath(stored: unknown): BytePath | undefined {
  const path = readPath(stored)
  if (path === undefined || path.includes('\0')) return undefined
  const parts = path.split('/')
  return parts.some((part) => part === '' || part === '.' || part === '..') ? undefined : path
}

function readPath(stored: unknown): BytePath | undefined {
  if (typeof stored === 'string') return Buffer.from(stored).toString('latin1')
  if (typeof stored !== 'object' || stored === null || !('base64' in stored)) return undefined
  return typeof stored.base64 === 'string' ? Buffer.from(stored.base64, 'base64').toString('latin1') : undefined
}
