import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { startWithWork } from '../support/session-work.ts'

test.skipIf(process.platform === 'win32')(
  'a push that is stopped leaves the session whole, and does not wait for the remote',
  async () => {
    const project = await makeProject({ remote: true })
    await startWithWork(project, 'auth')
    const hook = join(project.remotePath ?? '', 'hooks/pre-receive')
    const [started, go] = [join(project.parent, 'started'), join(project.parent, 'go')]
    await project.write(
      hook,
      `#!/bin/sh\n: >'${started}'\nn=0\nwhile [ ! -e '${go}' ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done\nexit 1\n`,
    )
    await chmod(hook, 0o755)
    onTestFinished(() => writeFile(go, ''))

    const child = spawn(process.execPath, [join(packedPackage(), 'dist', 'cli.cjs'), 'end', 'auth', '--strategy', 'keep'], {
      cwd: project.path,
      env: project.env,
      stdio: 'ignore',
    })
    while (!existsSync(started)) await sleep(20)
    child.kill('SIGINT')
    expect((await once(child, 'exit'))[0]).toBe(130)

    expect((await project.status()).sessions).toMatchObject([{ id: 'auth', status: 'active' }])
    await rm(hook)
    expect((await project.json(['end', 'auth', '--strategy', 'keep'])).json.data).toMatchObject({ pushed: true })
    expect(await project.git(['log', '--format=%s', 'main..session/auth'])).toBe('docs: session log of auth\nwork on auth')
  },
)
