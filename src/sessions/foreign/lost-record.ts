import type { ForeignWork } from '../session.ts'

/** What a session is of which only is left that git was to run no hooks in it: somebody else's work, whoever's. */
export function foreignOfNobodyKnown(head: string): { readonly foreign: ForeignWork } {
  return { foreign: { request: 0, head, from: 'somebody: the record was lost' } }
}
