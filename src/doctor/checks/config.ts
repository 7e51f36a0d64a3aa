import { listPresentFiles } from '../../config/present-files.ts'
import { FlightRulesError } from '../../errors.ts'
import { type Check, fail, ok, warn } from '../check.ts'

export const config: Check = {
  id: 'config',
  group: 'config',
  async run(facts) {
    const main = await facts.main()
    const { configs, overrides } = main === null ? { configs: [], overrides: [] } : await listPresentFiles(main)
    try {
      const { loaded } = (await facts.opened()).context
      if (loaded.file === null) return ok('no config file, so the defaults hold (flightrules init writes one)')
      const ignored = [...configs.slice(1), ...overrides.slice(1)]
      if (ignored.length > 0)
        return warn(`${ignored.join(', ')} is not read, because there is ${configs[0] ?? overrides[0] ?? ''}`, 'keep one of them')
      if (loaded.trust === 'unapproved')
        return warn(`${loaded.file} is not approved, so nobody knows whether it is valid`, 'flightrules trust')
      return ok(`${loaded.file} is valid`)
    } catch (error) {
      if (!(error instanceof FlightRulesError) || !error.code.startsWith('CONFIG_')) throw error
      return fail(error.message, error.hint)
    }
  },
}
