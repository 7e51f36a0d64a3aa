import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const gitConfig = `[init]
	defaultBranch = main
[user]
	name = Test Person
	email = test@example.invalid
[commit]
	gpgSign = false
[gc]
	auto = 0
[maintenance]
	auto = false
[core]
	fsync = none
[protocol "file"]
	allow = always
`

/** An environment that shares nothing with the machine's but PATH: own home, own git config, no CI, no colours. */
export function makeIsolatedEnvironment(home: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  mkdirSync(home, { recursive: true })
  const globalConfig = join(home, '.gitconfig')
  writeFileSync(globalConfig, gitConfig)
  return {
    PATH: pathWithoutOurTools(),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: process.env['TMPDIR'] ?? '/tmp',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_STATE_HOME: join(home, '.state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    GIT_CONFIG_GLOBAL: globalConfig,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test Person',
    GIT_AUTHOR_EMAIL: 'test@example.invalid',
    GIT_COMMITTER_NAME: 'Test Person',
    GIT_COMMITTER_EMAIL: 'test@example.invalid',
    GIT_TERMINAL_PROMPT: '0',
    // what an agent is told is not to depend on how busy the machine is
    FLIGHTRULES_AGENT_TIMEOUT: '120',
    ...extra,
  }
}

/** npm puts this package's own tools on PATH; a user's repository would not find them there. */
function pathWithoutOurTools(): string {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => !/[\\/]node_modules[\\/]|node-gyp-bin/.test(entry))
    .join(delimiter)
}
