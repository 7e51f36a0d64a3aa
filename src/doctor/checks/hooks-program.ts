import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { replaceFile } from '../../files/replace-file.ts'
import { type Check, fail, ok, type Repair, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'
import { hasOurs } from '../hooks/inspect-hooks.ts'

/** Milliseconds the program may take to say its version. */
const patience = 10_000

/** What the hooks would start: our program, found without a package manager and in every worktree. */
export const hooksProgram: Check = {
  id: 'hooks-program',
  group: 'hooks',
  async run(facts) {
    const answers = [...(await facts.answers())].flatMap(([hook, answer]) =>
      answer.kind === 'fired' ? [{ hook, ...answer }] : [],
    )
    if (!(await facts.hooks()).some(hasOurs)) return ok('no hook of Flight Rules that would start anything')
    const last = await judgeLastResort(facts)
    const lost = new Set(answers.filter(({ program }) => program === null).map(({ hook }) => hook.root))
    if (lost.size > 0) {
      return fail(
        `the hooks find nothing to start in ${[...lost].join(', ')}`,
        last.remedy ?? 'npm install --save-dev flightrules',
        last.repair,
      )
    }
    const programs = new Map(
      answers.flatMap(({ hook, program, script }) => {
        const file = program === null ? '' : /[\\/]/.test(program) && !isAbsolute(program) ? resolve(hook.root, program) : program
        return [[`${file} ${script ?? ''}`, { file, script }] as const]
      }),
    )
    const verdicts = (await Promise.all([...programs.values()].map((one) => judgeProgram(facts, one)))).flat()
    if (verdicts.length > 0) return verdicts
    if (last.status !== 'ok') return last
    const names = [...programs.values()].map(({ file, script }) => script ?? file)
    return ok(names.length === 0 ? last.message : `the hooks start ${[...new Set(names)].join(', ')}`)
  },
}

async function judgeProgram(
  { input, git }: Facts,
  { file, script }: { file: string; script: string | null },
): Promise<Verdict[]> {
  const args = [...(script === null ? [] : [script]), '--version']
  try {
    // a path that leads to a script of ours; on Windows a shell would be needed to start it
    const { stdout } = await promisify(execFile)(file, args, { env: git.environment, timeout: patience })
    const version = stdout.trim()
    if (version === input.version) return []
    return [
      warn(
        `the hooks start version ${version} (${script ?? file}), this is ${input.version}`,
        'install one version for all worktrees',
      ),
    ]
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    const said = (stderr ?? '').trim().split('\n').at(-1) || message
    return [fail(`the hooks start ${script ?? file}, which does not run: ${said}`, 'npm install')]
  }
}

/** The file that names node and this package, for worktrees without node_modules and programs without a PATH. */
async function judgeLastResort(facts: Facts): Promise<Verdict> {
  const file = join(facts.commonDir, 'flightrules', 'bin')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const repair = nameThisProgram(facts, file, text)
  if (text === undefined)
    return warn(`${file} is missing: hooks without node_modules and PATH find nothing to start`, 'flightrules init', repair)
  const [node = '', script = ''] = text.split('\n')
  for (const path of [node, script]) {
    const isThere =
      isAbsolute(path) &&
      (await access(path).then(
        () => true,
        () => false,
      ))
    if (!isThere)
      return warn(`${file} names ${path === '' ? 'nothing' : path}, which is not there (any more)`, 'flightrules init', repair)
  }
  return ok(`hooks find node and Flight Rules by ${file}`)
}

function nameThisProgram({ input }: Facts, file: string, before: string | undefined): Repair {
  const after = `${input.node.path}\n${join(input.packageRoot, 'dist', 'cli.cjs')}\n`
  const undo = before === undefined ? `rm ${file}` : `write into ${file} again: ${JSON.stringify(before)}`
  return {
    step: { kind: 'write-file', file, from: before ?? null, to: after, undo },
    async apply() {
      await replaceFile(file, after)
      return `${file} ${before === undefined ? 'was missing' : `held ${JSON.stringify(before)}`}, names ${after.trim().replace('\n', ' and ')}`
    },
  }
}
