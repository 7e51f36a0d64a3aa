import { type Check, ok, warn } from '../check.ts'

export const trust: Check = {
  id: 'trust',
  group: 'config',
  async run(facts) {
    const { loaded } = (await facts.opened()).context
    if (loaded.trust === 'none') return ok('nothing to approve')
    if (loaded.trust === 'approved') return ok('the config is approved in this copy of the repository')
    const doubts = (loaded.doubts ?? []).map(({ message, hint }) => warn(message, hint))
    const unapproved = warn(
      `${loaded.file ?? 'the config'} changed since a person approved it here, or never was (digest ${loaded.digest ?? 'unknown'}): its commands do not run, what was approved last applies, or the defaults`,
      'flightrules trust',
    )
    return [unapproved, ...doubts]
  },
}
