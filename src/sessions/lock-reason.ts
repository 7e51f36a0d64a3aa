/** Why a session's worktree is locked: what `git worktree remove` prints to whoever tries. */
export function lockReason(id: string): string {
  return `flightrules session ${id}; end it with: flightrules end ${id}`
}

/** The same for a worktree that is its maker's to remove, but not while an agent talks in it. */
export function conversationLockReason(id: string): string {
  return `flightrules session ${id}, an agent is at work in it; end it with: flightrules end ${id}`
}

/** Whether a lock is ours; a session that was brought back under another name may have the reason of the old one. */
export function isOwnLock(reason: string): boolean {
  return readsAs(lockReason, reason) || isConversationLock(reason)
}

/** Whether it is one for as long as an agent talks there, of whatever session. */
export function isConversationLock(reason: string): boolean {
  return readsAs(conversationLockReason, reason)
}

function readsAs(write: (id: string) => string, reason: string): boolean {
  const [, id] = /^flightrules session ([^\s,;]+)/.exec(reason) ?? []
  return id !== undefined && reason.trim() === write(id)
}
