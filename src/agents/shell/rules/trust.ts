import { findLiteral } from '../script.ts'
import { deny, type Rule } from './rule.ts'

const starters = new Set(['npx', 'npm', 'pnpm', 'pnpx', 'yarn', 'bun', 'bunx'])

const reason =
  'approving what the configuration runs is for a person, who looks at it first. Ask them to run: flightrules trust. Until then, go on without: --no-setup.'

/** Nobody approves for the person. */
export const guardTrust: Rule = async ({ name, args, env }) => {
  const isNpx = name !== undefined && starters.has(name)
  const texts = args.map(findLiteral)
  const skipped = isNpx ? texts.findIndex((text) => text === 'flightrules' || text === 'fr') + 1 : 0
  if (isNpx ? skipped === 0 : name !== 'flightrules' && name !== 'fr') return []
  if (env.get('FLIGHTRULES_TRUST') !== undefined) return [deny(reason)]
  const words = texts.slice(skipped)
  const isTrust =
    words.find((text, index) => text !== undefined && !text.startsWith('-') && words[index - 1] !== '-C') === 'trust'
  const onlyLooks = words.some((text) => text === '--show' || text === '--revoke' || text === '--help' || text === '-h')
  return isTrust && !onlyLooks ? [deny(reason)] : []
}
