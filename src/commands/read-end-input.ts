import { resolve } from 'node:path'
import type { EndStrategy, MergeMethod, ResolvedConfig } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import type { EndInput } from '../sessions/end/end-input.ts'
import type { Invocation } from './command.ts'

const requestFlags = {
  pushOnly: '--push-only',
  draft: '--draft',
  title: '--title',
  bodyFile: '--body-file',
} as const

/** The strategies a flag means something to; a flag that would be passed over in silence is a mistake. */
const strategiesOf: readonly (readonly [attribute: string, flag: string, strategies: readonly EndStrategy[]])[] = [
  ...Object.entries(requestFlags).map(([attribute, flag]) => [attribute, flag, ['pr']] as const),
  ['remote', '--remote', ['pr', 'keep']],
  ['proceed', '--proceed', ['merge', 'pr']],
  ['merge', '--merge', ['merge']],
  ['message', '--message', ['merge']],
  ['saveLog', '--save-log', ['keep', 'abandon']],
  // pr and keep leave the worktree where it is anyway
  ['keepWorktree', '--keep-worktree', ['merge', 'pr', 'keep']],
  ['sync', '--sync', ['merge', 'pr', 'keep']],
]

/**
 * What the flags and the config say together. A flag of the request asks for one, whatever strategy is configured.
 * @throws FlightRulesError USAGE for a flag of another strategy.
 */
export function readEndInput(invocation: Invocation, config: ResolvedConfig): EndInput {
  const { options, cwd } = invocation
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined)
  const isGiven = (name: string): boolean => options[name] !== undefined && options[name] !== false
  const implied = Object.keys(requestFlags).some(isGiven) ? 'pr' : config.end.strategy
  const strategy = (text('strategy') ?? implied) as EndStrategy
  // who was asked and chose another strategy has answered for the flags of the first as well
  const misplaced =
    invocation.answered === true
      ? undefined
      : strategiesOf.find(([name, , strategies]) => isGiven(name) && !strategies.includes(strategy))
  if (misplaced !== undefined) throw misplacedFlag(misplaced[1], misplaced[2], strategy)
  const bodyFile = text('bodyFile')
  return {
    strategy,
    merge: (text('merge') ?? config.end.merge) as MergeMethod,
    commit: text('commit'),
    message: text('message'),
    title: text('title'),
    bodyFile: bodyFile === undefined ? undefined : resolve(cwd, bodyFile),
    draft: options['draft'] === true,
    sync: (text('sync') ?? config.end.sync) as EndInput['sync'],
    saveLog: options['saveLog'] === true,
    keepWorktree: options['keepWorktree'] === true,
    keepBranch: options['keepBranch'] === true,
    pushOnly: options['pushOnly'] === true,
    remote: text('remote'),
    proceed: options['proceed'] === true,
  }
}

function misplacedFlag(flag: string, strategies: readonly EndStrategy[], strategy: EndStrategy): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `${flag} is for --strategy ${strategies.join(', ')}, but the strategy is ${strategy}`,
    hint: `leave ${flag} out, or add --strategy ${strategies[0] ?? ''}`,
    details: { flag, strategy, strategies },
  })
}
