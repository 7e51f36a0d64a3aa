import { changingCommands } from './apparatus.ts'

/** One way to make a command fail: where (as the trace names it) and how. */
export interface Fault {
  readonly point: string
  readonly kind: string
  readonly by: 'failpoint' | 'git' | 'filter' | 'refs' | 'strace'
}

const changing = new Set<string>(changingCommands)

/** Every fault that can be made at the points a run has reached. */
export function listFaults(trace: string): Fault[] {
  const points = [...new Set(trace.split('\n').filter((line) => line !== ''))]
  return points.flatMap((point) => kindsAt(point).map((fault) => ({ point, ...fault })))
}

/** A fault in the form a person can give back to us. */
export function nameFault({ point, kind }: Fault): string {
  return `${point}=${kind}`
}

function kindsAt(point: string): Omit<Fault, 'point'>[] {
  if (point.startsWith('git:')) return make('git', ['dies-before', 'dies-after', 'outlives'])
  if (point.startsWith('filter#'))
    return make('filter', ['kill-git', 'kill-all', 'kill-group', 'kill-cli', 'interrupt', 'interrupt-cli'])
  if (point.startsWith('refs#')) return make('refs', ['kill-git', 'kill-all', 'kill-group', 'interrupt'])
  const [, when = '', what = ''] = /^([a-z-]+):(.*)#\d+$/.exec(point) ?? []
  if (when === 'before-git') return make('failpoint', changing.has(what) ? ['kill', 'EIO', 'INT'] : ['EIO'])
  if (when === 'after-git') return make('failpoint', changing.has(what) ? ['kill', 'EIO', 'TERM'] : [])
  if (when === 'bytes') return make('failpoint', ['short', 'ENOSPC', 'kill'])
  if (/^(?:write|append|copy|link|mkdir|hold)$/.test(when)) return make('failpoint', ['kill', 'ENOSPC', 'EROFS'])
  return make('failpoint', ['kill', 'EIO'])
}

function make(by: Fault['by'], kinds: readonly string[]): Omit<Fault, 'point'>[] {
  return kinds.map((kind) => ({ by, kind }))
}
