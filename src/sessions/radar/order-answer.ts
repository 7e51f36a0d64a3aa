/**
 * Why a session has its place: it `merges`; it conflicts with `sessions` that come before it, with its `base` as that is now, or only
 * with all `together` that come before it; there is `nothing` in it that its base has not; it is `in-base`, working there without a
 * branch of its own; its base is gone (`no-base`), or git cannot read it (`unreadable`).
 */
export type OrderReason = 'merges' | 'sessions' | 'base' | 'together' | 'nothing' | 'in-base' | 'no-base' | 'unreadable'

export interface OrderEntry {
  readonly id: string
  /** The branch it is merged into. */
  readonly base: string
  readonly reason: OrderReason
  /** With whom it conflicts, wherever they have their place; its base as `base:<branch>`. */
  readonly conflictsWith: readonly string[]
  /** Files in which, when it is its turn. */
  readonly paths: readonly string[]
  /** There is work in it that is not committed. */
  readonly uncommitted: boolean
}

export interface OrderAnswer {
  /** Ids, the first to be merged first. */
  readonly order: readonly string[]
  /** In the same order; then those that are not in it. */
  readonly orderReasons: readonly OrderEntry[]
}
