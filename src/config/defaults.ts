import type { ResolvedConfig } from './types.ts'

/** What applies where neither a preset nor the config says otherwise. */
export const defaultConfig: ResolvedConfig = {
  sessionsDir: '../{project}-sessions',
  branchPrefix: 'session/',
  base: null,
  mode: 'ask',
  envFiles: ['.env', '.env.local', '.env.*.local'],
  dependencies: { paths: [], strategy: 'clone' },
  ports: {},
  env: {},
  aliases: [],
  envOut: '.env.local',
  postCreateHook: [],
  preRemoveHook: [],
  sessionLog: { dir: 'docs/session_logs' },
  end: {
    strategy: 'pr',
    merge: 'merge',
    sync: false,
    deleteBranch: 'merged',
    pr: { draft: false, labels: [], reviewers: [] },
  },
  appendOnly: [],
  documents: ['docs/**'],
  stale: { days: 3, behind: 15 },
  hooks: {
    postCheckout: { register: 'all', setup: true },
    prePush: { registered: 'register', cleanTree: 'sessions', untracked: 'refuse', conflicts: 'warn' },
    postMerge: { cleanup: 'auto' },
  },
  agents: { overlap: 'warn' },
  trash: { days: 14 },
  forges: {},
}
