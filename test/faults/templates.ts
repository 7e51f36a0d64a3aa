import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeProject, withCommands } from '../support/flightrules-project.ts'
import { makeForgeProject } from '../support/recording-forge.ts'
import { makeRepository } from '../support/repository.ts'
import { runProgram } from '../support/run-cli.ts'
import { commitWork, startWithWork } from '../support/session-work.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'
import { makeApparatus } from './apparatus.ts'
import { Tokens } from './tokens.ts'
import { keepState, restoreState, type World } from './world.ts'

const setup = `#!/bin/sh
echo "$FLIGHTRULES_SESSION" >>"$FLIGHTRULES_MAIN/../setup-runs"
if [ -n "$FAIL_SETUP" ]; then exit 3; fi
echo ready >ready.ignored
`

const files = {
  'shared.txt': '1\n2\n3\n4\n5\n',
  'one.slow': 'one\n',
  'two.slow': 'two\n',
  'setup.sh': setup,
  '.gitattributes': '*.slow filter=fault\n',
  '.gitignore': 'node_modules/\n.env\n.env.*\n*.ignored\nprivate/\n',
}

export const config = { postCreateHook: 'sh setup.sh', envFiles: ['.env'], ports: { PORT: 3000 } }

export type TemplateName = 'usual' | 'elsewhere' | 'nowhere' | 'abandoned' | 'merged' | 'forge' | 'untouched'

interface Kept {
  readonly world: World
  readonly tokens: readonly string[]
}

/** Worlds and their templates, each made once a run, when somebody needs it. */
export class Templates {
  readonly #made = new Map<TemplateName, Promise<Kept>>()

  /** A world in the state of that template; the same folder each time. */
  async put(name: TemplateName): Promise<World> {
    const making = this.#made.get(name) ?? make(name, this)
    this.#made.set(name, making)
    const { world, tokens } = await making
    await restoreState(world, name)
    world.tokens = tokens
    return world
  }
}

async function make(name: TemplateName, templates: Templates): Promise<Kept> {
  switch (name) {
    case 'usual':
      return keep(name, await makeUsual())
    case 'forge':
      return keep(name, await makeForge())
    case 'untouched':
      return keep(name, await makeUntouched())
    case 'elsewhere': {
      const world = await templates.put('usual')
      await world.project.git(['switch', '--quiet', '-c', 'aside'])
      await world.project.git(['worktree', 'add', '--quiet', join(world.project.parent, 'elsewhere'), 'main'])
      return keep(name, world)
    }
    case 'abandoned': {
      const world = await templates.put('usual')
      const { status, stderr } = await world.project.cli(['end', 'busy', '--strategy', 'abandon'])
      if (status !== 0) throw new Error(stderr)
      return keep(name, world)
    }
    case 'merged': {
      const world = await templates.put('usual')
      const env = { ...world.project.env, FLIGHTRULES: '0' }
      await runProgram('git', ['merge', '--quiet', '--no-edit', 'session/done'], { cwd: world.project.path, env })
      return keep(name, world)
    }
    case 'nowhere': {
      const world = await templates.put('usual')
      await world.project.git(['switch', '--quiet', '-c', 'aside'])
      return keep(name, world)
    }
  }
}

async function keep(name: TemplateName, world: World): Promise<Kept> {
  await keepState(world, name)
  return { world, tokens: world.tokens }
}

/** One session in the middle of work, one whose work is done, and something of the person in the main worktree. */
async function makeUsual(): Promise<World> {
  return fill(await makeWorld(await makeProject({ files, config, remote: true })), 'usual')
}

async function makeForge(): Promise<World> {
  return fill(await makeWorld(await makeForgeProject('gh', { files, config })), 'forge')
}

/** A repository in which nobody has run `init` yet. */
async function makeUntouched(): Promise<World> {
  const project = withCommands(
    await makeRepository({ files: { ...files, 'flightrules.config.json': JSON.stringify(config) }, remote: true }),
  )
  const world = await makeWorld(project)
  const tokens = new Tokens('untouched')
  await project.write('private/notes', `${tokens.make()}\n`)
  await project.write('.git/hooks/pre-push', `#!/bin/sh\n# ${tokens.make()}\n`)
  await chmod(join(project.path, '.git/hooks/pre-push'), 0o755)
  return Object.assign(world, { tokens: tokens.live.slice(0, 1) })
}

async function makeWorld(project: World['project']): Promise<World> {
  const scratch = await makeTemporaryDirectory('faults')
  const apparatus = await makeApparatus(join(scratch, 'apparatus'))
  await mkdir(join(scratch, 'run'))
  await project.git(['config', 'filter.fault.smudge', apparatus.filter])
  return { project, apparatus, scratch, tokens: [], stagedOver: [] }
}

async function fill(world: World, name: string): Promise<World> {
  const { project } = world
  const tokens = new Tokens(name)
  await project.write('.env', `SECRET=${tokens.make()}\n`)
  await project.write('private/notes', `${tokens.make()}\n`)
  const busy = await startWithWork(project, 'busy', { 'busy.txt': `${tokens.make()}\n` })
  const staged = tokens.make()
  await project.write(join(busy, 'shared.txt'), `1\n2\n3\n4\n${staged}\n`)
  await project.git(['add', 'shared.txt'], busy)
  await project.write(join(busy, 'shared.txt'), `1\n2\n3\n4\n${tokens.make()}\n`)
  await project.write(join(busy, 'new file.txt'), `${tokens.make()}\n`)
  await project.write(join(busy, 'deep/er/scratch.ignored'), `${tokens.make()}\n`)
  // a config that a session changed is nobody's to run
  await project.write(join(busy, 'flightrules.config.json'), JSON.stringify({ postCreateHook: `echo ran >'${canaryOf(world)}'` }))
  const done = await startWithWork(project, 'done', { 'done.txt': `${tokens.make()}\n` })
  await commitWork(project, done, `more work ${tokens.make()}`, {
    'shared.txt': `${tokens.make()}\n2\n3\n4\n5\n`,
    'one.slow': 'one, done\n',
  })
  await project.write(join(done, 'left.ignored'), `${tokens.make()}\n`)
  await writeFile(join(project.parent, 'setup-runs'), '')
  return Object.assign(world, { tokens: tokens.live, stagedOver: [staged] })
}

/** A file that exists only if something ran that nobody approved. */
export function canaryOf({ project }: World): string {
  return join(project.parent, 'canary')
}
