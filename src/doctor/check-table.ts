import type { Check } from './check.ts'
import { appendOnly } from './checks/append-only.ts'
import { caseFolding } from './checks/case-folding.ts'
import { clock } from './checks/clock.ts'
import { config } from './checks/config.ts'
import { coreBare } from './checks/core-bare.ts'
import { diskSpace } from './checks/disk-space.ts'
import { forgeClient } from './checks/forge-client.ts'
import { gitLocks } from './checks/git-locks.ts'
import { gitSettings } from './checks/git-settings.ts'
import { gitVersion } from './checks/git-version.ts'
import { halfMadeWorktrees } from './checks/half-made-worktrees.ts'
import { hooksEnvironment } from './checks/hooks-environment.ts'
import { hooksFire } from './checks/hooks-fire.ts'
import { hooksInstalled } from './checks/hooks-installed.ts'
import { hooksPath } from './checks/hooks-path.ts'
import { hooksProgram } from './checks/hooks-program.ts'
import { journal } from './checks/journal.ts'
import { lock } from './checks/lock.ts'
import { manifest } from './checks/manifest.ts'
import { nodeVersion } from './checks/node-version.ts'
import { ports } from './checks/ports.ts'
import { records } from './checks/records.ts'
import { repository } from './checks/repository.ts'
import { repositoryFormat } from './checks/repository-format.ts'
import { sessionsDirectory } from './checks/sessions-directory.ts'
import { sharedStash } from './checks/shared-stash.ts'
import { trash } from './checks/trash.ts'
import { trust } from './checks/trust.ts'
import { worktreeLocks } from './checks/worktree-locks.ts'
import { worktrees } from './checks/worktrees.ts'

/** Every check, in the order of the answer. What is repaired first makes the later checks possible. */
export const checkTable: readonly Check[] = [
  gitVersion,
  nodeVersion,
  forgeClient,
  repository,
  repositoryFormat,
  coreBare,
  gitSettings,
  sharedStash,
  gitLocks,
  halfMadeWorktrees,
  caseFolding,
  hooksEnvironment,
  hooksPath,
  hooksInstalled,
  hooksFire,
  hooksProgram,
  config,
  trust,
  appendOnly,
  worktrees,
  records,
  worktreeLocks,
  sessionsDirectory,
  manifest,
  ports,
  lock,
  journal,
  trash,
  diskSpace,
  clock,
]
