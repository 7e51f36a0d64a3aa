import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { findEntryPoint } from '../../config/entry-points.ts'
import type { Context } from '../context.ts'
import { hasWorkToDo } from './purge-trash.ts'

/**
 * Starts a process of its own that tidies the trash, where there is something to tidy, and does not wait for it: storing and deleting a
 * folder of dependencies takes its time. It gives way to everything else on the machine.
 */
export async function purgeInBackground(context: Context): Promise<void> {
  try {
    if (!(await hasWorkToDo(context))) return
    const { file, args } = findEntryPoint('cli')
    const { FLIGHTRULES_OP: _op, ...env } = context.env
    const child = spawn(process.execPath, [file, ...args, '-C', context.main, 'trash', '--purge', '--unasked', '--json'], {
      cwd: context.main,
      env,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    })
    child.on('error', () => {})
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
    child.unref()
  } catch {
    // the next removal tries again
  }
}
