import type { CommandSpec } from './command.ts'

export const hookCommand: CommandSpec = {
  name: 'hook',
  summary: "git's hooks",
  subcommands: [
    {
      name: 'install',
      summary: "make git run husky's hooks in this clone, where init put ours into them (for a prepare script)",
      async run({ cwd, env, signal }) {
        const [{ Git }, { installHooksHere }, { requirePackageRoot }] = await Promise.all([
          import('../git/git.ts'),
          import('../githooks/install/install-hooks-here.ts'),
          import('../githooks/install/package-root.ts'),
        ])
        const git = new Git(cwd, env, signal)
        const here = await installHooksHere({ git, node: process.execPath, packageRoot: await requirePackageRoot() })
        return {
          data: here,
          view: (screen) =>
            screen.note(
              here.outcome === 'skipped'
                ? `flightrules: hooks were not installed: ${here.why}`
                : `flightrules: hooks of ${here.husky} ${here.outcome === 'present' ? 'are on' : 'were switched on'}`,
            ),
        }
      },
    },
  ],
}
