import type { MergeMethod } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import type { Git } from '../git/git.ts'
import type { Sides } from './merge-conflicts.ts'

/**
 * The method git's own settings ask for where nobody has named one: `branch.<base>.mergeOptions`, then `merge.ff`. Undefined when they
 * leave it open.
 */
export async function findPreferredMethod(git: Git, base: string): Promise<MergeMethod | undefined> {
  const options = (await readSetting(git, [`branch.${base}.mergeOptions`])).split(/\s+/)
  if (options.includes('--squash')) return 'squash'
  const last = options.findLast((option) => /^--(?:no-)?ff(?:-only)?$/.test(option))
  const ff = last ?? (await readSetting(git, ['merge.ff']))
  if (ff === '--ff-only' || ff === 'only') return 'ff-only'
  return last === '--no-ff' ? 'merge' : undefined
}

/** Of how a merge is made, or of nothing but words. */
const heeded =
  /^(?:--(?:no-)?ff|--ff-only|--(?:no-)?squash|--(?:no-)?(?:stat|summary|edit|progress|autostash|verify-signatures)|-n|-e|--quiet|-q|-v)$/

/** Options `git merge` would add for this base that say what the result is, which a merge of ours does not follow: `-X theirs`, `--signoff`. */
export async function listUnheeded(git: Git, base: string): Promise<string[]> {
  const options = (await readSetting(git, [`branch.${base}.mergeOptions`])).split(/\s+/)
  return options.filter((option) => option !== '' && !heeded.test(option))
}

/**
 * `merge.verifySignatures`: only what somebody trusted has signed is merged.
 * @throws FlightRulesError UNVERIFIED_SIGNATURE.
 */
export async function requireVerified(git: Git, tip: string, { id, worktree, base }: Sides): Promise<void> {
  if ((await readSetting(git, ['--type=bool', 'merge.verifySignatures'])) !== 'true') return
  const { status, stderr } = await git.run(['verify-commit', tip], { accept: [0, 1, 128] })
  const trust = await git.readLine(['log', '-1', '--format=%G?', tip, '--'])
  const isTrusted = trust === 'G' || (await readSetting(git, ['gpg.minTrustLevel'])) !== ''
  if (status === 0 && isTrusted) return
  const why = status === 0 ? 'the key is not one you trust' : stderr.trim() || 'it is not signed'
  throw new FlightRulesError({
    kind: 'failed',
    code: 'UNVERIFIED_SIGNATURE',
    message: `merge.verifySignatures asks for a signature that can be trusted, and commit ${tip.slice(0, 12)} of session ${id} has none, so nothing was merged into ${base}: ${why}`,
    hint: `git -C ${quoteForShell(worktree)} commit --amend --no-edit --gpg-sign`,
    details: { commit: tip, signature: trust },
  })
}

async function readSetting(git: Git, args: readonly string[]): Promise<string> {
  const { stdout } = await git.run(['config', ...args.slice(0, -1), '--get', args.at(-1) ?? ''], { accept: [0, 1] })
  return stdout.replace(/\n$/, '')
}
