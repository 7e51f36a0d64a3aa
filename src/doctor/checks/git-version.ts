import { compareVersions, oldestGit, parseGitVersion } from '../../git/version.ts'
import { type Check, fail, ok } from '../check.ts'

export const gitVersion: Check = {
  id: 'git-version',
  group: 'tools',
  async run({ git }) {
    const said = await git.readLine(['version'])
    const version = parseGitVersion(said)
    if (version !== undefined && compareVersions(version, oldestGit) >= 0) return ok(`git ${version}`)
    return fail(`${said}; ${oldestGit} is the oldest that works`, `install git ${oldestGit} or newer`)
  },
}
