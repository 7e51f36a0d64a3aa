/** One ref of a push, as git tells it to pre-push on standard input. */
export interface PushedRef {
  /** As typed: a full ref, `HEAD`, a commit, or `(delete)`. */
  readonly localRef: string
  readonly localOid: string
  readonly remoteRef: string
  readonly remoteOid: string
}

/** Reads pre-push's standard input; a line that is none is left out. */
export function parsePushLines(input: string): PushedRef[] {
  return input.split('\n').flatMap((line) => {
    const [localRef, localOid, remoteRef, remoteOid] = line.split(' ')
    if (localRef === undefined || localOid === undefined || remoteRef === undefined || remoteOid === undefined) return []
    return [{ localRef, localOid, remoteRef, remoteOid }]
  })
}

/** Whether the push takes the ref away on the remote. */
export function isDeletion(ref: PushedRef): boolean {
  return ref.localRef === '(delete)' || /^0+$/.test(ref.localOid)
}
