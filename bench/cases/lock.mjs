import { spawn } from 'node:child_process'
import { measure, run } from '../measure.mjs'
import { dropWorktree, flightrules, makeRepository } from '../workspace.mjs'
import { join } from 'node:path'

const many = 50

/** Fifty starts at once beside the same one after the other: who waits for the lock must not keep the one that works from it. */
export async function lock(workspace, rounds) {
  const repository = makeRepository(workspace, 'lock', 50)
  flightrules(workspace, repository.path, 'init', '--hooks', 'native')
  repository.git(['add', '--all'])
  repository.git(['commit', '--quiet', '--message', 'flightrules'])
  const options = { cwd: repository.path, env: workspace.env }
  const ids = Array.from({ length: many }, (_, index) => `s${index}`)
  const start = (id) => [workspace.cli, 'start', id, '--json']
  const after = () => {
    for (const id of ids) dropWorktree(repository, join(repository.sessions, id), `session/${id}`)
  }
  const times = await measure(
    {
      queue: { run: () => ids.forEach((id) => run(process.execPath, start(id), options)), after },
      crowd: { run: () => Promise.all(ids.map((id) => runBeside(start(id), options))), after },
    },
    Math.min(rounds, 3),
  )
  return [
    { what: `${many} starts one after the other`, time: times.queue },
    { what: `${many} starts at once`, time: times.crowd, against: 'one after the other', base: times.queue, extra: 0 },
  ]
}

function runBeside(args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { ...options, stdio: 'ignore' })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${code}`))))
  })
}
