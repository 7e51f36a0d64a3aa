import type { TreeEntry } from './tree-changes.ts'

/** Bytes of an entry before its object: times, device, inode, mode, owner, group and size. */
const statLength = 40

const modeAt = 24

/**
 * Reads an index of version 2, as `git help index` lays it out, as far as its entries go.
 * @param oidLength hexadecimal digits of an object's name.
 * @returns by path; undefined where it is anything else, has a conflict, or ends too early.
 */
export function parseIndex(bytes: Buffer, oidLength: number): Map<string, TreeEntry> | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC' || bytes.readUInt32BE(4) !== 2) return undefined
  const entries = new Map<string, TreeEntry>()
  const flagsAt = statLength + oidLength / 2
  let start = 12
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const end = bytes.indexOf(0, start + flagsAt + 2)
    if (end === -1) return undefined
    // neither one side of a conflict nor longer than this version has it
    if ((bytes.readUInt16BE(start + flagsAt) & 0x7000) !== 0) return undefined
    const mode = bytes.readUInt32BE(start + modeAt).toString(8)
    const oid = bytes.toString('hex', start + statLength, start + flagsAt)
    entries.set(bytes.toString('utf8', start + flagsAt + 2, end), { mode, oid })
    // each is filled up to eight bytes, one zero at least
    start += (end - start + 8) & ~7
  }
  return entries
}
