import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, ok, warn } from '../check.ts'
import { findFlag } from '../settings.ts'

export const caseFolding: Check = {
  id: 'case-folding',
  group: 'repository',
  async run(facts) {
    const [plain, other] = await Promise.all(
      ['HEAD', 'hEaD'].map((name) => lstat(join(facts.commonDir, name)).catch(() => undefined)),
    )
    const folds = plain !== undefined && other !== undefined && plain.ino === other.ino
    const said = findFlag(await facts.settings(), 'core.ignorecase') === true
    if (folds === said) {
      return ok(
        folds ? 'names that differ only in case are one file here, and git knows' : 'names that differ in case are two files',
      )
    }
    const set = `git config --file ${join(facts.commonDir, 'config')} core.ignoreCase ${String(folds)}`
    return folds
      ? warn(
          'names that differ only in case are one file here, and core.ignoreCase does not say so: git may overwrite one with the other',
          set,
        )
      : warn('core.ignoreCase is true, yet names that differ only in case are two files here: git may miss one of them', set)
  },
}
