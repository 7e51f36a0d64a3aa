import { compareVersions } from '../../git/version.ts'
import { type Check, fail, ok } from '../check.ts'

/** As the package asks for it. */
const oldestNode = '20.19.0'

export const nodeVersion: Check = {
  id: 'node-version',
  group: 'tools',
  async run({ input }) {
    const { path, version } = input.node
    if (compareVersions(version, oldestNode) >= 0) return ok(`node ${version}`)
    return fail(`${path} is node ${version}; ${oldestNode} is the oldest that works`, `install node ${oldestNode} or newer`)
  },
}
