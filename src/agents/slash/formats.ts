import type { AgentName } from '../agent-names.ts'
import type { CommandTemplate } from './command-template.ts'
import { sealText } from './seal.ts'
import { rules } from './templates/rules.ts'

export interface CommandFile {
  /** From the project's root, with slashes. */
  readonly path: string
  readonly text: string
}

/**
 * The files that give one agent a command, in the form its documentation has for commands of a project:
 * Claude Code https://code.claude.com/docs/en/skills, Codex https://developers.openai.com/codex/skills, Cursor commands (Markdown in
 * `.cursor/commands`), Gemini CLI https://geminicli.com/docs/cli/custom-commands, opencode https://opencode.ai/docs/commands.
 */
export function renderCommand(agent: AgentName, template: CommandTemplate): CommandFile[] {
  return formats[agent](template)
}

/** What a person types to run it. */
export function commandName(agent: AgentName, { name }: Pick<CommandTemplate, 'name'>): string {
  return agent === 'codex' ? `$${skillName(name)}` : `/${name}`
}

/** Codex has skills where it had prompts of a project, and a skill's name may hold no dot. */
function skillName(name: string): string {
  return name.replaceAll('.', '-')
}

const formats: Readonly<Record<AgentName, (template: CommandTemplate) => CommandFile[]>> = {
  claude: (template) => {
    const { name, description, argumentHint, effect, reads } = template
    const allowed = reads.flatMap((line) => ['', 'npx --no-install '].map((by) => `Bash(${by}flightrules ${line}:*)`))
    const head = frontMatter([
      `description: ${quote(description)}`,
      ...(argumentHint === '' ? [] : [`argument-hint: ${quote(argumentHint)}`]),
      `allowed-tools: ${allowed.join(', ')}`,
      // what changes something is a person's to begin
      ...(effect === 'changes' ? ['disable-model-invocation: true'] : []),
    ])
    return [{ path: `.claude/commands/${name}.md`, text: sealText(head, compose('claude', template, '$ARGUMENTS'), 'html') }]
  },
  codex: (template) => {
    const name = skillName(template.name)
    const folder = `.agents/skills/${name}`
    const head = frontMatter([`name: ${name}`, `description: ${quote(template.description)}`])
    const skill = {
      path: `${folder}/SKILL.md`,
      text: sealText(head, compose('codex', template, beside(commandName('codex', template))), 'html'),
    }
    if (template.effect === 'reads') return [skill]
    const policy = 'policy:\n  allow_implicit_invocation: false\n'
    return [skill, { path: `${folder}/agents/openai.yaml`, text: sealText('', policy, 'hash') }]
  },
  cursor: (template) => {
    const head = `# ${template.description}\n\n`
    const body = compose('cursor', template, beside(commandName('cursor', template)))
    return [{ path: `.cursor/commands/${template.name}.md`, text: sealText(head, `\n${body}`, 'html') }]
  },
  gemini: (template) => {
    // a literal string: nothing in it is taken for an escape
    const rest = `description = ${quote(template.description)}\nprompt = '''\n${compose('gemini', template, '{{args}}')}'''\n`
    return [{ path: `.gemini/commands/${template.name}.toml`, text: sealText('', rest, 'hash') }]
  },
  opencode: (template) => {
    const head = frontMatter([`description: ${quote(template.description)}`])
    return [
      {
        path: `.opencode/commands/${template.name}.md`,
        text: sealText(head, compose('opencode', template, '$ARGUMENTS'), 'html'),
      },
    ]
  },
}

/** What a person types to run another command is named as this agent has it. */
function compose(agent: AgentName, { body }: CommandTemplate, typed: string): string {
  const named = body.replaceAll(/`\/([a-z-]+\.[a-z]+)`/g, (_all, name: string) => `\`${commandName(agent, { name })}\``)
  return `${named.replaceAll('{arguments}', typed)}\n${rules}`
}

/** For agents that hand over what was typed as it is, without a place for it in the command. */
function beside(command: string): string {
  return `the rest of the message that has \`${command}\` in it, if any`
}

function frontMatter(lines: readonly string[]): string {
  return `---\n${lines.join('\n')}\n---\n`
}

/** A string as JSON, YAML and TOML all read it. */
function quote(text: string): string {
  return JSON.stringify(text)
}
