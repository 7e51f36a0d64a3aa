import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { agentNames } from '../../../src/agents/agent-names.ts'
import { parseWords } from '../../support/plain-line.ts'
import { commandName, renderCommand } from '../../../src/agents/slash/formats.ts'
import { readSeal } from '../../../src/agents/slash/seal.ts'
import { commandTemplates } from '../../../src/agents/slash/templates/all.ts'
import { endDecisions, startDecisions } from '../../../src/agents/slash/templates/decisions.ts'
import { commandTable } from '../../../src/cli/command-table.ts'
import { parseCommandLine } from '../../../src/cli/parse-command-line.ts'
import { modeChoices, modeQuestion } from '../../../src/sessions/mode-question.ts'
import { readSourceFiles } from '../../support/source-files.ts'

const names = [
  'dev-session.start',
  'dev-session.end',
  'parallel.status',
  'parallel.cleanup',
  'parallel.sync',
  'parallel.radar',
  'parallel.overview',
]
const files = agentNames.flatMap((agent) =>
  commandTemplates.flatMap((template) => renderCommand(agent, template).map((file) => ({ agent, template, ...file }))),
)
const prompts = files.filter(({ path }) => !path.endsWith('.yaml'))
const textOf = (agent: string, name: string): string =>
  prompts.find((file) => file.agent === agent && file.template.name === name)?.text ?? ''

it('each agent has the seven commands, where its documentation has them', () => {
  expect(commandTemplates.map(({ name }) => name)).toEqual(names)
  expect(prompts.filter(({ agent }) => agent === 'claude').map(({ path }) => path)).toEqual(
    names.map((name) => `.claude/commands/${name}.md`),
  )
  const one = (agent: string): string[] =>
    files.filter((file) => file.agent === agent && file.template.name === names[0]).map(({ path }) => path)
  expect([...one('codex'), ...one('cursor'), ...one('gemini'), ...one('opencode')]).toEqual([
    '.agents/skills/dev-session-start/SKILL.md',
    '.agents/skills/dev-session-start/agents/openai.yaml',
    '.cursor/commands/dev-session.start.md',
    '.gemini/commands/dev-session.start.toml',
    '.opencode/commands/dev-session.start.md',
  ])
})

describe.each(files)('$path', ({ agent, template, path, text }) => {
  it('is in the form its agent reads, and sealed', () => {
    expect(readSeal(text)).toBe('unedited')
    const head = /^---\n([\s\S]*?)\n---\n/.exec(text)?.[1]
    if (path.endsWith('.yaml')) expect(parseYaml(text)).toEqual({ policy: { allow_implicit_invocation: false } })
    else if (agent === 'gemini') {
      expect(text).toMatch(/^# [^\n]*\ndescription = "[^"\\\n]+"\nprompt = '''\n[\s\S]+\n'''\n$/)
      expect(text.split("'''")).toHaveLength(3)
    } else if (agent === 'cursor') expect(head).toBeUndefined()
    else expect(parseYaml(head ?? '')).toMatchObject({ description: template.description })
  })

  it('has nothing in it that an agent would run or put in by itself', () => {
    // Claude Code and opencode run !`…`, opencode reads @file, Gemini runs !{…} and reads @{…}; $1 and the like are arguments
    expect(text).not.toMatch(/!`|!\{|@\{|(?:^|\s)@\w|\$\d|\$\{|\$\(/)
    expect(text.match(/\$ARGUMENTS|\{\{args\}\}/g) ?? []).toHaveLength(
      path.endsWith('.yaml') || agent === 'codex' || agent === 'cursor' ? 0 : 1,
    )
    expect(text).not.toContain('{arguments}')
  })
})

it('a command that names another one names it as the agent has it', () => {
  for (const { agent, text } of prompts) {
    const known = commandTemplates.map((template) => commandName(agent, template))
    const named = [...text.matchAll(/`([/$](?:dev-session|parallel)[^`]*)`/g)].map(([, name]) => name)
    expect(named.filter((name) => !known.includes(name ?? ''))).toEqual([])
  }
  expect(textOf('codex', 'dev-session.end')).toContain('`$parallel-sync`')
  expect(textOf('cursor', 'dev-session.end')).toContain('`/parallel.sync`')
})

it('start and end go through what they have to, in order', () => {
  const headings = (name: string) => [...textOf('claude', name).matchAll(/^## \d\. (.*)$/gm)].map(([, heading]) => heading)
  expect(headings('dev-session.start')).toEqual([
    'Look around',
    'Agree the goals',
    'Ask where to work',
    'Start it',
    'Write the plan into the session log',
    'Say how to switch',
  ])
  expect(headings('dev-session.end')).toEqual([
    'Review',
    'Summarise',
    'Update the log and the progress file',
    'Commit',
    'Ask for the strategy',
    'End it',
    'Say what is now',
  ])
  for (const strategy of ['pr', 'merge', 'keep', 'abandon'])
    expect(textOf('claude', 'dev-session.end')).toContain(`- **${strategy}**: `)
})

it('what begins by itself changes nothing', () => {
  for (const { name, effect } of commandTemplates) {
    const head = parseYaml(/^---\n([\s\S]*?)\n---\n/.exec(textOf('claude', name))?.[1] ?? '') as Record<string, string>
    expect(head['disable-model-invocation'] ?? false).toBe(effect === 'changes')
    for (const rule of (head['allowed-tools'] ?? '').split(', '))
      expect(rule).toMatch(
        /^Bash\((?:npx --no-install )?flightrules (?:status|radar|history|cleanup --dry-run|sync --dry-run):\*\)$/,
      )
    const skill = `.agents/skills/${name.replaceAll('.', '-')}/agents/openai.yaml`
    expect(files.some(({ path }) => path === skill)).toBe(effect === 'changes')
  }
})

describe('what agents are told to type', () => {
  const lines = commandTemplates.flatMap(({ name, body }) =>
    [...body.matchAll(/`(flightrules [^`\n]+)`|^(flightrules .+)$/gm)].map((found) => ({
      name,
      line: found[1] ?? found[2] ?? '',
    })),
  )

  it.each(lines)('$name: $line', ({ line }) => {
    const [, ...argv] = parseWords(
      line
        .replace(/<strategy>/, 'merge')
        .replaceAll(/<n>/g, '7')
        .replaceAll(/<([a-z ,A-Z]+)>/g, 'x'),
    )
    expect(parseCommandLine(argv, commandTable, { version: '0', columns: 80 })).toMatchObject({ kind: 'command' })
  })

  it('is no shell line, and asks for JSON wherever there is an answer to read', () => {
    expect(lines.length).toBeGreaterThan(20)
    for (const { line } of lines) {
      expect(line.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[&|;<>$]/)
      if (!/^flightrules (?:undo|trust|restore|setup <id>$)/.test(line)) expect(line).toMatch(/ --json$/)
    }
  })
})

it('the person is asked in the words of the command line where to work', () => {
  const text = textOf('claude', 'dev-session.start')
  expect(text).toContain(modeQuestion)
  for (const { flag, label } of modeChoices) expect(text).toContain(`(\`${flag}\`): ${label}`)
})

it('in every command the agent is told what it must never do', () => {
  for (const { text } of prompts) {
    expect(text).toContain('Never run `flightrules trust`')
    expect(text).toContain('`git push --no-verify`')
    expect(text).toContain('Never pick a choice yourself')
    expect(text).toContain('never add `--yes`')
  }
})

describe('decisions', async () => {
  const sources = await readSourceFiles('src')
  const raised = (code: string): boolean =>
    sources.some((file) => file.code.includes(`'${code}'`) && !file.path.startsWith('src/agents/slash/'))
  /** Codes of errors made with choices in one of these files. */
  const withChoices = (places: RegExp): string[] =>
    sources
      .filter(({ path }) => places.test(path))
      .flatMap(({ code }) => [...code.matchAll(/new FlightRulesError\(\{(?:(?!new FlightRulesError)[\s\S])*?\n {2,}\}\)/g)])
      .filter(([made]) => /\bchoices\b/.test(made) && !/kind: 'usage'/.test(made))
      .flatMap(([made]) => /\bcode: '([A-Z_]+)'/.exec(made)?.[1] ?? [])

  it('each that is explained can be met', () => {
    for (const { code } of [...startDecisions, ...endDecisions]) expect([code, raised(code)]).toEqual([code, true])
  })

  it('each that start or end can ask for is explained', () => {
    const start = withChoices(
      /^src\/(?:sessions\/(?:start|check-start|settle-dirty-main|asking\/)|commands\/(?:start|read-start-input|settle-trust))/,
    )
    const end = withChoices(/^src\/(?:sessions\/end\/|integrate\/)/)
    expect(start.length).toBeGreaterThan(6)
    expect(end.length).toBeGreaterThan(15)
    expect(start.filter((code) => !startDecisions.some((one) => one.code === code))).toEqual([])
    expect(end.filter((code) => !endDecisions.some((one) => one.code === code))).toEqual([])
  })
})
