import { armFailpoints } from './files/failpoint.ts'

const forPeople = new Set(['--help', '-h', '--json'])

// git's hooks and the agents' come through here: nothing of the command line is loaded for them.
async function run([first, second = '', ...rest]: readonly string[]): Promise<void> {
  if (first === 'hook' && second !== '' && second !== 'install' && !second.startsWith('-')) {
    const { runHook } = await import('./hook.ts')
    return runHook(second, rest)
  }
  // a usage error's status would stop the agent, so words that mean nothing here are passed over
  if (first === 'agent' && second !== '' && !second.startsWith('-') && !rest.some((word) => forPeople.has(word))) {
    const { runAgentHook } = await import('./agent.ts')
    return runAgentHook(second)
  }
  if (first === 'statusline' && second === '' && rest.length === 0) {
    const { printStatusline } = await import('./statusline.ts')
    return printStatusline()
  }
  const { main } = await import('./cli/main.ts')
  return main(process.argv.slice(2))
}

armFailpoints(process.env)
void run(process.argv.slice(2))
